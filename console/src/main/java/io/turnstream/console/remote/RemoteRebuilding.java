package io.turnstream.console.remote;

import io.turnstream.console.ApiJson;
import io.turnstream.console.PlatformUnreachableException;
import io.turnstream.console.RebuildStatus;
import io.turnstream.console.Rebuilding;

/// The rebuild of a platform in another process.
record RemoteRebuilding(ApiClient api) implements Rebuilding {

    private static final String PATH = "/rebuild";

    @Override
    public RebuildStatus begin() {
        return ApiJson.answer(api.post(PATH, "{}"), RebuildStatus.class);
    }

    @Override
    public RebuildStatus status() {
        return api.get(PATH).map(json -> ApiJson.answer(json, RebuildStatus.class))
                .orElseThrow(() -> new PlatformUnreachableException(
                        "the platform that answers is of an older version and cannot rebuild. End it, and rebuild then.",
                        null));
    }

    @Override
    public void stop() {
        api.delete(PATH);
    }
}
