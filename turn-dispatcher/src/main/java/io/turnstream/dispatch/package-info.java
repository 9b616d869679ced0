/// The dialogue state machine and the run controller: the only place where an answer is accepted.
///
/// [DispatcherTopology] is the map; [DialogueMachine] and [RunMachine] decide, the processors carry out.
@NullMarked
package io.turnstream.dispatch;

import org.jspecify.annotations.NullMarked;
