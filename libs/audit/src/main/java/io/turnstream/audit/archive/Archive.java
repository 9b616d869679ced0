package io.turnstream.audit.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.RunEvents;
import io.turnstream.benchmark.pack.InvalidProtocolException;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// An archive, open for reading.
///
/// Opening checks names, sizes and the manifest; every file is checked against the manifest's SHA-256 whenever it is
/// read. What it *says* is checked like any log, see `Verification`.
public final class Archive implements RunEvents, AutoCloseable {

    private static final byte[] MARK = "1".getBytes(StandardCharsets.UTF_8);

    private final Path file;
    private final ArchiveLimits limits;
    private final ZipFile zip;
    private final Map<String, Manifest.Entry> entries = new HashMap<>();
    private final SortedMap<String, List<String>> packFiles = new TreeMap<>();
    private final EventLines lines = new EventLines();
    private final Manifest manifest;
    private String digest = "";

    private Archive(Path file, ZipFile zip, ArchiveLimits limits) {
        this.file = file;
        this.zip = zip;
        this.limits = limits;
        requireSaneEntries();
        this.manifest = readManifest();
        requireWhatTheManifestSays();
        requireSanePacks();
        List<String> schemas = entries.keySet().stream().filter(name -> Entries.schemaIn(name) != null).toList();
        if (schemas.size() > limits.schemas()) {
            throw unusable("schemas", "there are " + schemas.size() + "; " + limits.schemas() + " are allowed", null);
        }
        schemas.forEach(this::learnSchema);
    }

    /// Whether a file looks like an archive: a ZIP that has a manifest of ours.
    public static boolean isArchive(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            if (TableOfContents.bytes(file) > ArchiveLimits.standard().tableBytes()) {
                return false;
            }
            try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
                return zip.getEntry(Entries.MANIFEST) != null;
            }
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /// Opens an archive.
    ///
    /// @throws UnusableArchiveException if it is none, is damaged, or asks for more than the limits allow
    public static Archive open(Path file, ArchiveLimits limits) {
        ZipFile zip;
        try {
            if (TableOfContents.bytes(file) > limits.tableBytes()) {
                throw new UnusableArchiveException(String.valueOf(file.getFileName()), "table of contents",
                        "it has more than " + limits.tableBytes() + " bytes");
            }
            zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw new UnusableArchiveException(String.valueOf(file), "the file itself", "it is no ZIP file, or cut off",
                    e);
        }
        try {
            return new Archive(file, zip, limits);
        } catch (RuntimeException e) {
            try {
                zip.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /// SHA-256 (hex) of its manifest, which names the SHA-256 of everything else: what the archive is known by.
    public String digest() {
        return digest;
    }

    @Override
    public String runId() {
        return manifest.runId();
    }

    @Override
    public int partitions() {
        return manifest.partitions();
    }

    @Override
    public void read(Topics topic, Consumer<LoggedEvent> reader) {
        for (int partition : partitionsOf(topic)) {
            read(topic, partition, reader);
        }
    }

    @Override
    public void read(Topics topic, int partition, Consumer<LoggedEvent> reader) {
        String name = Entries.events(topic, partition);
        if (!entries.containsKey(name)) {
            return;
        }
        long[] last = {-1, 0};
        reading(name, Integer.MAX_VALUE, in -> {
            byte[] buffer = new byte[64 * 1024];
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int count;
            while ((count = in.read(buffer)) > 0) {
                int start = 0;
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == '\n') {
                        line.write(buffer, start, i - start);
                        reader.accept(eventOf(topic, partition, name, line.toByteArray(), last));
                        line.reset();
                        start = i + 1;
                    }
                }
                line.write(buffer, start, count - start);
                if (line.size() > limits.lineBytes()) {
                    throw new IOException("a line has more than " + limits.lineBytes() + " bytes");
                }
            }
            if (line.size() > 0) {
                throw new IOException("its last line is cut off");
            }
            return null;
        });
    }

    private LoggedEvent eventOf(Topics topic, int partition, String name, byte[] line, long[] last) {
        last[1]++;
        try {
            if (line.length > limits.lineBytes()) {
                throw new IllegalArgumentException(
                        "it has " + line.length + " bytes; " + limits.lineBytes() + " are allowed");
            }
            LoggedEvent event = lines.event(topic, partition, line);
            if (manifest.redacted() && !EventHeaders.isRedacted(event.headers())) {
                event.headers().add(EventHeaders.REDACTED, MARK);
            }
            if (event.offset() <= last[0]) {
                throw new IllegalArgumentException("its offset " + event.offset() + " does not follow " + last[0]);
            }
            String key = event.key();
            boolean ours = topic.keyed() == Topics.Keyed.BY_RUN ? key.equals(runId()) : key.startsWith(runId() + '/');
            if (!ours) {
                throw new IllegalArgumentException("its key is not of run " + runId());
            }
            last[0] = event.offset();
            return event;
        } catch (IllegalArgumentException e) {
            throw unusable(name + " line " + last[1], String.valueOf(e.getMessage()), e);
        }
    }

    /// The schemas its events were written with.
    public Collection<Schema> schemas() {
        return List.copyOf(lines.schemas().values());
    }

    /// SHA-256 (hex) of the images it holds.
    public List<String> images() {
        return entries.keySet().stream().map(Entries::imageIn).filter(Objects::nonNull).sorted().toList();
    }

    /// The bytes of an image, which have that SHA-256.
    public byte[] image(String sha256) {
        String name = Entries.image(sha256);
        return reading(name, limits.imageBytes(), in -> {
            byte[] bytes = in.readAllBytes();
            if (!sha256.equals(HexFormat.of().formatHex(ArchiveWriter.newSha256().digest(bytes)))) {
                throw new IOException("its bytes have another SHA-256 than its name");
            }
            return bytes;
        });
    }

    /// Digests of the protocol packs it holds.
    public SortedSet<String> packs() {
        return new TreeSet<>(packFiles.keySet());
    }

    /// A protocol pack, which has the digest that it is filed under. One at a time is in memory.
    ///
    /// @throws UnusableArchiveException if it is not here, is no protocol pack, or another
    public ProtocolPack pack(String digest) {
        Map<String, byte[]> contents = new HashMap<>();
        for (String name : packFiles.getOrDefault(digest, List.of())) {
            Entries.packFileIn(name).ifPresent(
                    file -> contents.put(file.path(), reading(name, limits.packBytes(), InputStream::readAllBytes)));
        }
        try {
            ProtocolPack pack = ProtocolPack.of(contents);
            if (!pack.digest().equals(digest)) {
                throw unusable("packs/" + digest, "its files have the digest " + pack.digest(), null);
            }
            return pack;
        } catch (InvalidProtocolException e) {
            throw unusable("packs/" + digest, "it is no protocol pack: " + e.getMessage(), e);
        }
    }

    /// Checks all that a verification of the run does not look at: every image and protocol pack, and the number of
    /// events.
    ///
    /// @param events how many events the verification read
    /// @throws UnusableArchiveException at the first that is not what the archive says
    public void checkRest(long events) {
        images().forEach(this::image);
        packs().forEach(this::pack);
        if (manifest.events() != events) {
            throw unusable(Entries.MANIFEST,
                    "it says that there are " + manifest.events() + " events; there are " + events, null);
        }
    }

    private List<Integer> partitionsOf(Topics topic) {
        String prefix = "events/" + topic.topicName() + '/';
        return entries.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> Integer.valueOf(name.substring(prefix.length(), name.length() - ".jsonl".length())))
                .sorted()
                .toList();
    }

    private void requireSaneEntries() {
        if (zip.size() > limits.entries()) {
            throw unusable("table of contents",
                    "it names " + zip.size() + " files; " + limits.entries() + " are allowed", null);
        }
        Set<String> names = new HashSet<>();
        long total = 0;
        for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
            String name = entry.getName();
            String shown = printable(name);
            if (!Entries.isKnown(name)) {
                throw unusable("table of contents", "it names a file '" + shown + "', which is none of an archive",
                        null);
            }
            if (!names.add(name)) {
                throw unusable("table of contents", "it names '" + shown + "' twice", null);
            }
            long size = entry.getSize();
            long packed = entry.getCompressedSize();
            if (size < 0 || packed < 0) {
                throw unusable(shown, "its size is not known", null);
            }
            if (size > 1 << 20 && size / Math.max(1, packed) > limits.ratio()) {
                throw unusable(shown, size + " bytes in " + packed + ": no archive is packed that well", null);
            }
            total += size;
            if (total > limits.totalBytes() || total < 0) {
                throw unusable("table of contents",
                        "its files have more than " + limits.totalBytes() + " bytes together", null);
            }
        }
    }

    private Manifest readManifest() {
        ZipEntry entry = zip.getEntry(Entries.MANIFEST);
        if (entry == null) {
            throw unusable(Entries.MANIFEST,
                    "it is missing: the file is no archive of a run, or was not written to its end", null);
        }
        if (entry.getSize() > limits.partBytes()) {
            throw unusable(Entries.MANIFEST,
                    "it has " + entry.getSize() + " bytes; " + limits.partBytes() + " are allowed", null);
        }
        try (InputStream in = new BoundedInput(zip.getInputStream(entry), entry.getSize())) {
            byte[] bytes = in.readAllBytes();
            digest = EventDigests.sha256Hex(bytes);
            StreamReadConstraints bounds = StreamReadConstraints.builder().maxTokenCount(limits.manifestTokens())
                    .build();
            return new ObjectMapper(JsonFactory.builder().streamReadConstraints(bounds).build()).readValue(bytes,
                    Manifest.class);
        } catch (IOException e) {
            String problem = e.getCause() instanceof IllegalArgumentException ours
                    ? String.valueOf(ours.getMessage())
                    : e instanceof JsonProcessingException
                            ? "it is not the JSON object that a manifest of this version is"
                            : String.valueOf(e.getMessage());
            throw unusable(Entries.MANIFEST, problem, e);
        }
    }

    private void requireWhatTheManifestSays() {
        for (Manifest.Entry entry : manifest.files()) {
            ZipEntry found = entry.name() == null ? null : zip.getEntry(entry.name());
            if (found == null) {
                throw unusable(printable(String.valueOf(entry.name())), "the manifest names it, but it is missing",
                        null);
            }
            if (Entries.partitionOfDialoguesIn(entry.name()) >= manifest.partitions()) {
                throw unusable(entry.name(),
                        "there is no such partition: the manifest says that there are " + manifest.partitions(), null);
            }
            if (found.getSize() != entry.bytes()) {
                throw unusable(entry.name(), "it has " + found.getSize() + " bytes, the manifest says " + entry.bytes(),
                        null);
            }
            entries.put(entry.name(), entry);
        }
        if (entries.size() + 1 != zip.size()) {
            throw unusable(Entries.MANIFEST,
                    "it names " + entries.size() + " files beside itself, the archive has " + (zip.size() - 1), null);
        }
    }

    private void requireSanePacks() {
        Map<String, Long> bytes = new HashMap<>();
        for (Manifest.Entry entry : entries.values()) {
            Entries.packFileIn(entry.name()).ifPresent(file -> {
                packFiles.computeIfAbsent(file.digest(), digest -> new ArrayList<>()).add(entry.name());
                bytes.merge(file.digest(), entry.bytes(), Long::sum);
            });
        }
        if (packFiles.size() > limits.packs()) {
            throw unusable("packs",
                    "there are " + packFiles.size() + " protocol packs; " + limits.packs() + " are allowed", null);
        }
        packFiles.forEach((digest, files) -> {
            if (files.size() > limits.packFiles()) {
                throw unusable("packs/" + digest,
                        "it has " + files.size() + " files; " + limits.packFiles() + " are allowed", null);
            }
            if (bytes.getOrDefault(digest, 0L) > limits.packBytes()) {
                throw unusable("packs/" + digest, "its files have " + bytes.get(digest) + " bytes together; "
                        + limits.packBytes() + " are allowed", null);
            }
        });
    }

    private void learnSchema(String name) {
        String fingerprint = String.valueOf(Entries.schemaIn(name));
        byte[] text = reading(name, limits.schemaBytes(), InputStream::readAllBytes);
        try {
            lines.know(fingerprint, new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw unusable(name, String.valueOf(e.getMessage()), e);
        }
    }

    /// Reads from a file.
    @FunctionalInterface
    private interface Reading<T> {

        T from(InputStream in) throws IOException;
    }

    private <T> T reading(String name, int most, Reading<T> reading) {
        Manifest.Entry entry = entries.get(name);
        ZipEntry zipped = zip.getEntry(name);
        if (entry == null || zipped == null) {
            throw unusable(printable(name), "it is missing", null);
        }
        if (most < Integer.MAX_VALUE && entry.bytes() > most) {
            throw unusable(name, "it has " + entry.bytes() + " bytes; " + most + " are allowed", null);
        }
        try (BoundedInput in = new BoundedInput(zip.getInputStream(zipped), entry.bytes())) {
            T result = reading.from(in);
            if (in.bytesRead() != entry.bytes() || !HexFormat.of().formatHex(in.digest()).equals(entry.sha256())) {
                throw new IOException("its bytes are not those that the manifest was written for");
            }
            return result;
        } catch (IOException e) {
            throw unusable(name, String.valueOf(e.getMessage()), e);
        }
    }

    private UnusableArchiveException unusable(String where, String problem, @Nullable Throwable cause) {
        return new UnusableArchiveException(file.getFileName().toString(), where, problem, cause);
    }

    private static String printable(String name) {
        String shown = name.replaceAll("[^ -~]", "?");
        return shown.length() > 100 ? shown.substring(0, 100) + "..." : shown;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + file, e);
        }
    }
}
