package io.turnstream.importer;

import java.util.ArrayList;
import java.util.List;

/// A run whose requests are answered from its recording.
final class AnsweredRun implements ImportedRun {

    private final String runId;
    private final List<RequestFollower> followers = new ArrayList<>();

    AnsweredRun(String runId) {
        this.runId = runId;
    }

    void answeredBy(RequestFollower follower) {
        followers.add(follower);
    }

    @Override
    public String runId() {
        return runId;
    }

    @Override
    public boolean isAlive() {
        return followers.stream().allMatch(RequestFollower::isAlive);
    }

    @Override
    public void close() {
        followers.forEach(RequestFollower::close);
    }
}
