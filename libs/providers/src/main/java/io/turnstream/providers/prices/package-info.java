/// What calls cost, from a file that people can edit.
@NullMarked
package io.turnstream.providers.prices;

import org.jspecify.annotations.NullMarked;
