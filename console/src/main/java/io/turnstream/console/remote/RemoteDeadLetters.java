package io.turnstream.console.remote;

import io.turnstream.console.ApiJson;
import io.turnstream.messaging.DeadLetterDesk;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The dead letters of a platform in another process.
record RemoteDeadLetters(ApiClient api) implements DeadLetterDesk {

    private static final String PATH = "/dead-letters";

    @Override
    public List<Letter> letters() {
        return api.get(PATH).map(json -> ApiJson.answers(json, Letter.class)).orElse(List.of());
    }

    @Override
    public Optional<Opened> open(long id) {
        return api.get(PATH + '/' + id).map(json -> ApiJson.answer(json, Opened.class));
    }

    @Override
    public Optional<Letter> replay(long id, boolean again) {
        return api.postTo(PATH + '/' + id + "/replay", ApiJson.write(Map.of("again", again)))
                .map(json -> ApiJson.answer(json, Letter.class));
    }
}
