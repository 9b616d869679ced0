package io.turnstream.standalone.platform;

import io.turnstream.messaging.DeadLetterDesk;
import java.util.List;
import java.util.Optional;

/// The dead letters of a home that does not exist yet: reading makes none.
record NoDeadLetters() implements DeadLetterDesk {

    @Override
    public List<Letter> letters() {
        return List.of();
    }

    @Override
    public Optional<Opened> open(long id) {
        return Optional.empty();
    }

    @Override
    public Optional<Letter> replay(long id, boolean again) {
        return Optional.empty();
    }
}
