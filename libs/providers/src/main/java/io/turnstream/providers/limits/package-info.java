/// How many calls may be in flight at a model, and whether any should be: learned from how it answers.
@NullMarked
package io.turnstream.providers.limits;

import org.jspecify.annotations.NullMarked;
