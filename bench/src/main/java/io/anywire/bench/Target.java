package io.anywire.bench;

import io.anywire.bench.server.PemFiles;
import java.util.Optional;

/**
 * Where a subject listens.
 *
 * @param port on 127.0.0.1
 * @param tls what it serves TLS with; empty where it serves without
 */
record Target(int port, Optional<PemFiles> tls) {
  /** The URL of {@code path}, which starts with a slash. */
  String url(String path) {
    return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port + path;
  }
}
