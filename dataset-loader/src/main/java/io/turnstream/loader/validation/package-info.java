/// Which rows can be run: turns what a file says into rows of the domain, or into a rejection that says what to do.
@NullMarked
package io.turnstream.loader.validation;

import org.jspecify.annotations.NullMarked;
