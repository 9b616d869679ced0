/// Takes one turn or question, asks the model, answers.
@NullMarked
package io.turnstream.modelworker;

import org.jspecify.annotations.NullMarked;
