/** How the command learns the contract of a service that it was not compiled with. */
@NullMarked
package io.anywire.cli.contract;

import org.jspecify.annotations.NullMarked;
