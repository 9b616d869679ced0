/// The command `turnstream`: where it starts.
@NullMarked
package io.turnstream.standalone;

import org.jspecify.annotations.NullMarked;
