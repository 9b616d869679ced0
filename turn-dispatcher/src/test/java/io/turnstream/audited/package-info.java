/// Runs that the dispatcher really wrote, audited.
@NullMarked
package io.turnstream.audited;

import org.jspecify.annotations.NullMarked;
