package io.turnstream.importer;

import io.turnstream.providers.work.PoolMember;
import java.util.ArrayList;
import java.util.List;

/// A run whose requests members of its own pools answer.
final class AnsweredRun implements ImportedRun {

    private final String runId;
    private final List<PoolMember> members = new ArrayList<>();
    private final List<RequestGroup> groups = new ArrayList<>();

    AnsweredRun(String runId) {
        this.runId = runId;
    }

    void answeredBy(PoolMember member, RequestGroup group) {
        members.add(member);
        groups.add(group);
    }

    @Override
    public String runId() {
        return runId;
    }

    @Override
    public boolean isAlive() {
        return members.stream().allMatch(PoolMember::isAlive);
    }

    @Override
    public void close() {
        members.forEach(PoolMember::close);
        groups.forEach(RequestGroup::delete);
    }
}
