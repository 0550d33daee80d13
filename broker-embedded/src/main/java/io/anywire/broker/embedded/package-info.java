/**
 * The broker inside the JVM. {@code memory:NAME} lives as long as somebody in the process holds it
 * open; what it keeps is lost with the process. {@code disk:PATH} keeps it in a folder, in a
 * journal.
 */
@NullMarked
package io.anywire.broker.embedded;

import org.jspecify.annotations.NullMarked;
