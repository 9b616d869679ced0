/// Checks a run against its log, proves and tells single dialogues, and carries runs from one installation to another.
@NullMarked
package io.turnstream.audit;

import org.jspecify.annotations.NullMarked;
