package io.turnstream.importer;

import io.turnstream.providers.work.PoolMember;
import java.util.ArrayList;
import java.util.List;

/// A run that is being brought in: its requests are answered until this is closed.
public final class ImportedRun implements AutoCloseable {

    private final String runId;
    private final List<PoolMember> members = new ArrayList<>();
    private final List<RequestGroup> groups = new ArrayList<>();

    ImportedRun(String runId) {
        this.runId = runId;
    }

    void answeredBy(PoolMember member, RequestGroup group) {
        members.add(member);
        groups.add(group);
    }

    /// The run's id.
    public String runId() {
        return runId;
    }

    /// False once requests are not answered any more because of a failure.
    public boolean isAlive() {
        return members.stream().allMatch(PoolMember::isAlive);
    }

    @Override
    public void close() {
        members.forEach(PoolMember::close);
        groups.forEach(RequestGroup::delete);
    }
}
