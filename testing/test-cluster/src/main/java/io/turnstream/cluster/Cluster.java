package io.turnstream.cluster;

import io.turnstream.cluster.JavaPart.Pace;
import io.turnstream.console.Platform;
import io.turnstream.console.RunOrder;
import io.turnstream.console.remote.RemotePlatform;
import io.turnstream.embedded.HttpProbe;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.projection.report.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A whole deployment on this machine, each part a process of its own: broker, registry, document store, simulator and
/// all services. Each service has exactly the environment that `docker-compose.yml` gives it, with host names, ports
/// and folders of containers replaced by those of this machine.
///
/// Parts keep ports and folders, so that each can be killed and started again. What they print is in
/// `target/cluster-logs` (of a second JVM in `-2`). They end with [#close()], and at the latest with this JVM.
public final class Cluster implements AutoCloseable {

    public static final String BROKER = "broker";
    public static final String REGISTRY = "registry";
    public static final String DOCUMENT_STORE = "document-store";
    public static final String SIMULATOR = "simulator";
    public static final String LOADER = "dataset-loader";
    public static final String DISPATCHER = "turn-dispatcher";
    public static final String JUDGE_WORKER = "judge-worker";
    public static final String AGGREGATOR = "metrics-aggregator";
    public static final String CONSOLE = "console";

    /// What a part that works for minutes has more of than one that starts quickly.
    private static final int LONG_RUN_HEAPS = 3;
    /// What the starter of a deployment may set: few partitions start sooner.
    private static final Map<String, String> VARIABLES = Map.of("TURNSTREAM_DIALOGUE_PARTITIONS", "8",
            "TURNSTREAM_PROVIDERS", "sim", "TURNSTREAM_DATASET_FOLDERS", "/");

    private final Pace pace;
    private final Path folder;
    private final Path leash;
    private final ComposeFile compose = ComposeFile.read(Reactor.ROOT.resolve("docker-compose.yml"), VARIABLES);
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> environments = new TreeMap<>();
    private final Map<String, Integer> httpPorts = new TreeMap<>();
    private final int consolePort = Ports.free();
    private final SimulatorControl simulator = new SimulatorControl(Ports.free());
    private final RemotePlatform platform = new RemotePlatform(URI.create("http://127.0.0.1:" + consolePort), null);
    private final Backing backing;

    /// What the services stand on.
    ///
    /// @param bootstrapServers `host:port` of the broker
    /// @param registryUrl the registry's address, without a path
    /// @param mongodbUrl connection string of the document store
    public record Backing(String bootstrapServers, String registryUrl, String mongodbUrl) {}

    private Cluster(Pace pace) throws IOException {
        this.pace = pace;
        this.folder = Files.createTempDirectory("turnstream-cluster-");
        this.leash = Leash.jar(folder);
        int brokerPort = Ports.free();
        int storePort = Ports.free();
        RegistryPart registry = new RegistryPart(folder.resolve(REGISTRY), Ports.free());
        parts.put(BROKER, main(BROKER, BrokerMain.class, 256, brokerPort));
        parts.put(REGISTRY, registry);
        parts.put(DOCUMENT_STORE, main(DOCUMENT_STORE, DocumentStoreMain.class, 512, storePort));
        this.backing = new Backing("127.0.0.1:" + brokerPort, registry.url(), "mongodb://127.0.0.1:" + storePort);
        services();
    }

    private Cluster(Backing backing) throws IOException {
        this.pace = Pace.QUICK_START;
        this.folder = Files.createTempDirectory("turnstream-cluster-");
        this.leash = Leash.jar(folder);
        this.backing = backing;
        services();
    }

    /// With less heap than the images give them (three fifths of `mem_limit`), but for those that a large run weighs
    /// on.
    private void services() {
        service(SIMULATOR, "model-simulator", 96, Ports.free());
        service(LOADER, LOADER, 192, Ports.free());
        service(DISPATCHER, DISPATCHER, 160, Ports.free());
        service(JUDGE_WORKER, JUDGE_WORKER, 128, Ports.free());
        service(AGGREGATOR, AGGREGATOR, 307, Ports.free());
        service(CONSOLE, CONSOLE, 307, consolePort);
    }

    /// Starts a deployment and returns once every part is ready.
    public static Cluster start(int modelWorkers) {
        return start(Pace.QUICK_START, modelWorkers);
    }

    /// The same, with parts that start quickly or work fast.
    public static Cluster start(Pace pace, int modelWorkers) {
        try {
            deleteLogs();
            return new Cluster(pace).started(modelWorkers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the services and the simulator on a broker, registry and document store that run already.
    public static Cluster startOn(Backing backing, int modelWorkers) {
        try {
            deleteLogs();
            return new Cluster(backing).started(modelWorkers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Cluster started(int modelWorkers) {
        try {
            // the services ask for the registry at their first start, and end if it is not there
            startAll(parts.keySet().stream().filter(List.of(BROKER, REGISTRY, DOCUMENT_STORE, SIMULATOR)::contains)
                    .toList());
            for (int number = 1; number <= modelWorkers; number++) {
                defineModelWorker(number);
            }
            startAll(parts.keySet());
            return this;
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /// One deployment with two model workers for all tests of this JVM: started at first use, ended with the JVM. Who
    /// kills a part of it starts it again.
    public static Cluster shared() {
        return Shared.CLUSTER;
    }

    public static String modelWorker(int number) {
        return "model-worker-" + number;
    }

    private Part main(String name, Class<?> main, int heapMegabytes, int port) {
        Path own = folder.resolve(name);
        List<String> arguments = List.of("-cp", Reactor.testClassPath(), main.getName(), own.resolve("data").toString(),
                Integer.toString(port));
        return new JavaPart(name, own, leash, program(heapMegabytes, arguments, system()), () -> Ports.answers(port));
    }

    /// @param name as in the Compose file, but for workers, which are numbered
    private void service(String name, String module, int heapMegabytes, int httpPort) {
        Map<String, String> environment = new TreeMap<>(system());
        compose.environment(name.startsWith(module) ? module : name)
                .forEach((variable, value) -> environment.put(variable, onThisMachine(value, name)));
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
        environment.replace("TURNSTREAM_SIMULATOR_PORT", Integer.toString(simulator.port()));
        List<String> arguments = List.of("-jar", Reactor.application(module).toString());
        parts.put(name, new JavaPart(name, folder.resolve(name), leash,
                program(heapMegabytes, arguments, environment), new HttpProbe(httpPort, "/q/health/ready")::isReady));
        environments.put(name, environment);
        httpPorts.put(name, httpPort);
    }

    private JavaPart.Program program(int heapMegabytes, List<String> arguments, Map<String, String> environment) {
        int heap = pace == Pace.LONG_RUN ? LONG_RUN_HEAPS * heapMegabytes : heapMegabytes;
        return new JavaPart.Program(pace, heap, arguments, environment);
    }

    private void defineModelWorker(int number) {
        service(modelWorker(number), "model-worker", 160, Ports.free());
    }

    private String onThisMachine(String value, String name) {
        return value.replace("kafka:9092", backing.bootstrapServers())
                .replace("http://registry:8080", backing.registryUrl())
                .replace("mongodb://mongodb:27017", backing.mongodbUrl())
                .replace("//simulator:8089", "//127.0.0.1:" + simulator.port())
                .replace("0.0.0.0", "127.0.0.1")
                .replace("/data/images", folder.resolve("images").toString())
                .replace("/data/state", folder.resolve(name).resolve("state").toString());
    }

    private static Map<String, String> system() {
        Map<String, String> environment = new TreeMap<>();
        for (String variable : List.of("PATH", "HOME", "LANG", "TMPDIR")) {
            String value = System.getenv(variable);
            if (value != null) {
                environment.put(variable, value);
            }
        }
        return environment;
    }

    private void startAll(Collection<String> names) {
        List<Part> starting = new ArrayList<>();
        for (String name : names) {
            Part part = part(name);
            if (!part.isAlive()) {
                part.start();
                starting.add(part);
            }
        }
        starting.forEach(part -> part.awaitReady(Await.PATIENCE));
    }

    private Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("there is no part " + name + ", only " + parts.keySet());
        }
        return part;
    }

    /// Starts a service anew with one variable set to something else.
    public void restart(String name, String variable, String value) {
        environments.get(name).put(variable, value);
        kill9(name);
        start(name);
        awaitReady(name);
    }

    /// Starts a part that was killed, and returns at once.
    public void start(String name) {
        part(name).start();
    }

    /// Starts all parts that do not run, and waits for them.
    public void startMissing() {
        startAll(parts.keySet());
    }

    /// Waits until a part does its work.
    public void awaitReady(String name) {
        part(name).awaitReady(Await.PATIENCE);
    }

    /// Kills a part's process without a word; returns when it is gone.
    public void kill9(String name) {
        part(name).kill9();
    }

    /// Asks parts to end, as an orchestrator does, and waits until they have.
    public void stop(Collection<String> names) {
        List<ProcessHandle> asked = names.stream().map(this::part).map(Part::process).filter(ProcessHandle::destroy)
                .toList();
        asked.forEach(process -> process.onExit().join());
    }

    /// Stops a part's process in the middle of whatever it does, as a long garbage collection or a suspended machine
    /// does.
    public void freeze(String name) {
        signal("STOP", name);
    }

    /// Lets a frozen part go on as if nothing had happened.
    public void thaw(String name) {
        signal("CONT", name);
    }

    private void signal(String signal, String name) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(part(name).process().pid())).inheritIO().start()
                    .onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Has that many model workers from now on: more are started and ready, fewer are asked to end and do.
    public void scale(int modelWorkers) {
        for (int number = 1; number <= modelWorkers; number++) {
            if (!parts.containsKey(modelWorker(number))) {
                defineModelWorker(number);
            }
        }
        startAll(parts.keySet().stream().filter(name -> isModelWorker(name, 1, modelWorkers)).toList());
        List<String> surplus = parts.keySet().stream()
                .filter(name -> isModelWorker(name, modelWorkers + 1, Integer.MAX_VALUE)).toList();
        stop(surplus);
        surplus.forEach(parts::remove);
    }

    private static boolean isModelWorker(String name, int from, int to) {
        if (!name.startsWith("model-worker-")) {
            return false;
        }
        int number = Integer.parseInt(name.substring("model-worker-".length()));
        return number >= from && number <= to;
    }

    /// What the simulator counts, and its settings.
    public SimulatorControl simulator() {
        return simulator;
    }

    /// The console's REST API.
    public Platform platform() {
        return platform;
    }

    /// Asks for one run and returns its id.
    public String submit(RunOrder order) {
        return platform.submit(order).getFirst();
    }

    /// The report of a run that has ended, once all it counted has arrived.
    public RunReport settled(String runId, Duration patience) {
        Await.until(patience,
                () -> "run " + runId + " settles: "
                        + platform.reports().progress(runId).map(Object::toString).orElse("unknown"),
                () -> platform.reports().progress(runId).filter(progress -> progress.settled()).isPresent());
        return platform.reports().run(runId).orElseThrow();
    }

    /// The log, read from outside.
    public EventLog log() {
        return new EventLog(KafkaConnection.to(backing.bootstrapServers(), "integration-tests"));
    }

    /// The registry's address, without a path.
    public String registryUrl() {
        return backing.registryUrl();
    }

    /// Where a service serves its health.
    public int httpPort(String name) {
        return httpPorts.get(name);
    }

    @Override
    public void close() {
        platform.close();
        parts.values().forEach(Part::kill9);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("Left behind: " + folder + " (" + e.getMessage() + ")");
        }
    }

    private static void deleteLogs() throws IOException {
        if (Files.isDirectory(Reactor.LOGS)) {
            try (Stream<Path> files = Files.list(Reactor.LOGS)) {
                files.forEach(file -> file.toFile().delete());
            }
        }
    }

    private static final class Shared {

        static final Cluster CLUSTER = start(2);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(CLUSTER::close, "cluster-stop"));
        }
    }
}
