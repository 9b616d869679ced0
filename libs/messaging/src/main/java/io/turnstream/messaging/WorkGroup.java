package io.turnstream.messaging;

/// The services that carry a run, each by the consumer group of its members: so anybody can tell whether one is at
/// work.
public enum WorkGroup {
    /// Plans runs.
    DATASET_LOADER("dataset-loader", "turnstream-dataset-loader"),
    /// Accepts answers and decides what is asked next.
    TURN_DISPATCHER("turn-dispatcher", "turnstream-turn-dispatcher"),
    /// Ask models.
    MODEL_WORKERS("model-worker", "turnstream-model-workers"),
    /// Ask judges.
    JUDGE_WORKERS("judge-worker", "turnstream-judge-workers");

    private final String service;
    private final String groupId;

    WorkGroup(String service, String groupId) {
        this.service = service;
        this.groupId = groupId;
    }

    /// What a deployment calls a member.
    public String service() {
        return service;
    }

    /// The consumer group, for Kafka Streams the application id.
    public String groupId() {
        return groupId;
    }
}
