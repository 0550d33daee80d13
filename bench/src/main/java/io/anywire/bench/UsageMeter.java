package io.anywire.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Reads what another JVM on this machine has used: its processor time from the operating system,
 * its allocations over JMX. Starts that JVM's management agent, which listens on loopback.
 */
final class UsageMeter implements AutoCloseable {
  private final ProcessHandle process;
  private final JMXConnector connector;

  UsageMeter(long pid) {
    this.process =
        ProcessHandle.of(pid).orElseThrow(() -> new BenchException("process " + pid + " is gone"));
    this.connector = connect(pid);
    allocatedBytes(); // The first answer allocates what all later ones find.
  }

  /**
   * Reads all figures at once.
   *
   * @throws BenchException if the process is gone
   */
  Usage read() {
    Duration cpu =
        process
            .info()
            .totalCpuDuration()
            .orElseThrow(() -> new BenchException("process " + process.pid() + " is gone"));
    return new Usage(cpu.minus(CompilerThreads.cpu(process.pid())), allocatedBytes());
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // The process is gone, and the connection with it.
    }
  }

  /** Of all threads since the start, ended ones and the carriers of virtual ones included. */
  private long allocatedBytes() {
    try {
      MBeanServerConnection beans = connector.getMBeanServerConnection();
      var threads = new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME);
      return (Long) beans.getAttribute(threads, "TotalThreadAllocatedBytes");
    } catch (IOException | JMException e) {
      throw new BenchException("cannot ask process " + process.pid() + " by JMX: " + e);
    }
  }

  @SuppressWarnings("BanJNDI") // The address is that of the process itself, not of a directory.
  private static JMXConnector connect(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      } finally {
        machine.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw new BenchException("cannot attach to process " + pid + ": " + e);
    }
  }
}
