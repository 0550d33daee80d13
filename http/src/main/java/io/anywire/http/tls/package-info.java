/**
 * TLS for servers and clients: what PEM files say, whom to trust, and the contexts made of them.
 * Certificates are X.509 (RFC 5280) in PEM (RFC 7468), private keys PKCS#8 in PEM.
 */
@NullMarked
package io.anywire.http.tls;

import org.jspecify.annotations.NullMarked;
