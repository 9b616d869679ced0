/// What providers' answers mean: one table of known forms for all of them.
@NullMarked
package io.turnstream.providers.forms;

import org.jspecify.annotations.NullMarked;
