/// Everything behind a run as a file, written as it is read.
@NullMarked
package io.turnstream.standalone.export;

import org.jspecify.annotations.NullMarked;
