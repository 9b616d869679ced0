/// The story of one dialogue, told from the log.
@NullMarked
package io.turnstream.audit.trace;

import org.jspecify.annotations.NullMarked;
