package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder with a page cache of its own, and power that can be cut: what was not forced survives
 * page by page, and what was not synced name by name, as chance has it. Can be told to break its
 * word.
 */
public final class ModelledFolder implements Folder {
  private static final int PAGE = 4096;

  /** What is thrown when the power goes, and ever after. */
  public static final class PowerCut extends IOException {
    private static final long serialVersionUID = 1;
  }

  private final Map<String, ModelledFile> names = new HashMap<>();
  private final Map<String, ModelledFile> safeNames = new HashMap<>();
  private final List<Consumer<Map<String, ModelledFile>>> unsynced = new ArrayList<>();
  private final Random random;
  private long operationsLeft = Long.MAX_VALUE;
  private boolean off;
  private boolean forgetsFolderSyncs;
  private int forceToSkip = -1;
  private int forces;
  private int forcesUntilDrop = -1;

  /** An empty one; {@code random} decides what survives. */
  public ModelledFolder(Random random) {
    this.random = random;
  }

  /** Cuts the power during the operation that comes after so many others. */
  public void cutPowerAfter(long operations) {
    operationsLeft = operations;
  }

  /** Lets {@link #sync} do nothing from now on. */
  public void forgetFolderSyncs() {
    forgetsFolderSyncs = true;
  }

  /** Lets the force that comes after so many others do nothing. */
  public void skipForce(int number) {
    forceToSkip = number;
    forces = 0;
  }

  /**
   * Lets the force that comes after so many others fail and drop what it could not write, as Linux
   * does: it can be read still, and counts as written.
   */
  public void dropAtForce(int number) {
    forcesUntilDrop = number;
  }

  /** How many times something was forced since {@link #skipForce}. */
  public int forces() {
    return forces;
  }

  /** Whether the power has gone. */
  public boolean isOff() {
    return off;
  }

  /** What is there when the power has come back. */
  public ModelledFolder afterPowerCut() {
    Map<String, ModelledFile> left = new HashMap<>(safeNames);
    unsynced.stream().filter(change -> random.nextBoolean()).forEach(change -> change.accept(left));
    return holding(left, ModelledFile::survived);
  }

  /** What is there when the process was killed: everything that was written. */
  public ModelledFolder afterKill() {
    return holding(names, ModelledFile::whole);
  }

  private ModelledFolder holding(
      Map<String, ModelledFile> files, java.util.function.Function<ModelledFile, byte[]> bytes) {
    ModelledFolder next = new ModelledFolder(random);
    new TreeMap<>(files)
        .forEach((name, file) -> next.names.put(name, next.new ModelledFile(bytes.apply(file))));
    next.safeNames.putAll(next.names);
    return next;
  }

  /** The bytes of a file, to be damaged. */
  byte[] bytes(String name) {
    return names.get(name).whole();
  }

  /** Puts other bytes in their place. */
  void replace(String name, byte[] bytes) {
    names.put(name, new ModelledFile(bytes));
    safeNames.put(name, names.get(name));
  }

  private void operation() throws IOException {
    if (off || operationsLeft-- <= 0) {
      off = true;
      throw new PowerCut();
    }
  }

  @Override
  public String path() {
    return "modelled";
  }

  @Override
  public Set<String> names() {
    return new HashSet<>(names.keySet());
  }

  @Override
  public StoreFile open(String name) throws IOException {
    if (!names.containsKey(name)) {
      ModelledFile file = new ModelledFile(new byte[0]);
      change(all -> all.put(name, file));
    }
    return names.get(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    ModelledFile file = names.get(from);
    change(all -> {
      all.remove(from, file);
      all.put(to, file);
    });
  }

  @Override
  public void delete(String name) throws IOException {
    if (names.containsKey(name)) {
      change(all -> all.remove(name));
    }
  }

  private void change(Consumer<Map<String, ModelledFile>> change) throws IOException {
    unsynced.add(change);
    change.accept(names);
    operation();
  }

  @Override
  public void sync() throws IOException {
    if (!forgetsFolderSyncs && (operationsLeft > 0 || random.nextBoolean())) {
      safeNames.clear();
      safeNames.putAll(names);
      unsynced.clear();
    }
    operation();
  }

  /** A file of which some pages are only in the cache. */
  private final class ModelledFile implements StoreFile {
    private byte[] safe;
    private int size;
    private final Map<Integer, byte[]> cached = new TreeMap<>();
    private final Map<Integer, byte[]> dropped = new HashMap<>();

    ModelledFile(byte[] safe) {
      this.safe = safe;
      this.size = safe.length;
    }

    /** What is in the cache of a page, written or not; null for nothing. */
    private byte[] seen(int number) {
      byte[] page = cached.get(number);
      return page != null ? page : dropped.get(number);
    }

    private byte[] page(int number) {
      byte[] page = seen(number);
      int from = number * PAGE;
      if (page == null) {
        page = new byte[PAGE];
        if (from < safe.length) {
          System.arraycopy(safe, from, page, 0, Math.min(PAGE, safe.length - from));
        }
      }
      return page;
    }

    byte[] whole() {
      byte[] all = Arrays.copyOf(safe, (size + PAGE - 1) / PAGE * PAGE);
      cached.forEach((number, page) -> System.arraycopy(page, 0, all, number * PAGE, PAGE));
      return Arrays.copyOf(all, size);
    }

    byte[] survived() {
      cached.values().removeIf(page -> random.nextBoolean());
      int reached = cached.isEmpty() ? 0 : Math.min(size, (maxPage() + 1) * PAGE);
      size = Math.max(safe.length, random.nextBoolean() ? size : reached);
      return whole();
    }

    private int maxPage() {
      return cached.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer to) {
      for (int at = (int) offset; to.hasRemaining() && at < size; ) {
        int inPage = at % PAGE;
        int length = Math.min(Math.min(PAGE - inPage, size - at), to.remaining());
        byte[] page = seen(at / PAGE);
        if (page != null) {
          to.put(page, inPage, length);
        } else if (at + length <= safe.length) {
          to.put(safe, at, length);
        } else {
          to.put(page(at / PAGE), inPage, length);
        }
        at += length;
      }
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
      if (off) {
        throw new PowerCut();
      }
      for (int at = (int) offset; from.hasRemaining(); ) {
        int length = Math.min(PAGE - at % PAGE, from.remaining());
        byte[] page = page(at / PAGE);
        from.get(page, at % PAGE, length);
        at += length;
        size = Math.max(size, at);
        cached.put((at - 1) / PAGE, page);
        dropped.remove((at - 1) / PAGE);
      }
      operation();
    }

    @Override
    public void force() throws IOException {
      if (forcesUntilDrop-- == 0) {
        dropped.putAll(cached);
        cached.clear();
        throw new IOException("no answer from the disk");
      }
      boolean skipped = forces++ == forceToSkip;
      if (!skipped && (operationsLeft > 0 || !off && random.nextBoolean())) {
        safe = whole();
        cached.clear();
      }
      operation();
    }

    @Override
    public void close() {}
  }
}
