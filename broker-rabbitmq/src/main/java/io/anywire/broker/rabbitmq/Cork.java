package io.anywire.broker.rabbitmq;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose output can be held back for a moment. The client sends every message by itself;
 * corked, those that are written in a row go together, which spares both sides most of the work of
 * sending. Holding is for one thread, which lets go and flushes in the end; everything else is
 * thread-safe.
 *
 * <p>Connections with TLS are made otherwise, and hold nothing back.
 */
final class Cork extends SocketFactory {
  /** So many bytes are sent even when held. */
  private static final int ENOUGH = 16 * 1024;

  private volatile boolean held;
  private volatile @Nullable Held latest;

  /** From now on what is written stays here. */
  void hold() {
    held = true;
  }

  /** From now on what is written goes out; what was held goes with it, or with {@link #flush}. */
  void letGo() {
    held = false;
  }

  /** Sends what was held. One that cannot be sent closes its connection, as its reader notices. */
  void flush() {
    Held current = latest;
    if (current != null) {
      current.sendOrClose();
    }
  }

  @Override
  public Socket createSocket() {
    return new Corked();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("the client connects by itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    return createSocket(host.getHostName(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    return createSocket(host, port);
  }

  private final class Corked extends Socket {
    /** Called once, by the client. */
    @Override
    public OutputStream getOutputStream() throws IOException {
      Held stream = new Held(this, super.getOutputStream());
      latest = stream;
      return stream;
    }
  }

  private final class Held extends FilterOutputStream {
    private final Socket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] buffer = new byte[ENOUGH];
    private int filled;

    Held(Socket socket, OutputStream out) {
      super(out);
      this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      lock.lock();
      try {
        if (length > ENOUGH - filled) {
          send();
        }
        if (length > ENOUGH) {
          out.write(bytes, offset, length);
        } else {
          System.arraycopy(bytes, offset, buffer, filled, length);
          filled += length;
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void flush() throws IOException {
      if (!held) {
        send();
      }
    }

    void sendOrClose() {
      try {
        send();
      } catch (IOException e) {
        try {
          socket.close();
        } catch (IOException closed) {
          // It is of no use any more either way.
        }
      }
    }

    private void send() throws IOException {
      lock.lock();
      try {
        out.write(buffer, 0, filled);
        filled = 0;
      } finally {
        lock.unlock();
      }
    }
  }
}
