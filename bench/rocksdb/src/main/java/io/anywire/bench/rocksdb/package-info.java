/** A queue of RocksDB, as the benchmark of brokers drives it. */
@NullMarked
package io.anywire.bench.rocksdb;

import org.jspecify.annotations.NullMarked;
