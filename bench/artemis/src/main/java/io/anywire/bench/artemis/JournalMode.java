package io.anywire.bench.artemis;

import java.nio.file.Path;
import java.util.Locale;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.io.aio.AIOSequentialFileFactory;
import org.apache.activemq.artemis.core.server.JournalType;

/** How safe a message is when the broker confirms it. */
enum JournalMode {
  /** The disk has it: what comes within some time is written and forced at once. */
  FSYNC,

  /** The operating system has it: each record is written by itself. */
  PAGE_CACHE,

  /** The process has it, and writes it when its buffer is full. */
  WRITE_BEHIND;

  static JournalMode of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Artemis's defaults but for this, with its journal in that folder. */
  Configuration configuration(Path folder) throws Exception {
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(true)
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .setJournalDirectory(folder.resolve("journal").toString())
            .setBindingsDirectory(folder.resolve("bindings").toString())
            .setLargeMessagesDirectory(folder.resolve("large").toString())
            .setPagingDirectory(folder.resolve("paging").toString())
            .setJournalType(journalType())
            .setJournalSyncNonTransactional(this == FSYNC)
            .addAcceptorConfiguration("in-vm", "vm://0");
    return this == PAGE_CACHE ? configuration.setJournalBufferTimeout_NIO(0) : configuration;
  }

  /** Linux's own asynchronous I/O where its library is there, as Artemis itself chooses. */
  private JournalType journalType() {
    boolean asynchronous = this != PAGE_CACHE && AIOSequentialFileFactory.isSupported();
    return asynchronous ? JournalType.ASYNCIO : JournalType.NIO;
  }
}
