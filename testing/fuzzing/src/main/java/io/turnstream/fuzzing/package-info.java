/// Broken input for whoever reads input, for tests of every module: it depends on none of them.
@NullMarked
package io.turnstream.fuzzing;

import org.jspecify.annotations.NullMarked;
