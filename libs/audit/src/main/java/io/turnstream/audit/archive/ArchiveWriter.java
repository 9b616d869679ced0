package io.turnstream.audit.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.RunEvents;
import io.turnstream.audit.WithheldTexts;
import io.turnstream.contracts.RunSealed;
import io.turnstream.events.ForeignNames;
import io.turnstream.events.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// Writes a run to an archive (ZIP), streaming: one event at a time is in memory.
public final class ArchiveWriter {

    /// Records that tell of failures, and the field that tells.
    private static final Map<String, String> WORDS = Map.of("Answer", "error", "RequestDeferred", "detail",
            "RunFaultReported", "detail",
            "RunStateChanged", "reason", "JudgementSetStateChanged", "reason");

    /// Fields that hold names which others give.
    private static final List<String> NAMES = List.of("finishReason", "servedModel", "systemFingerprint",
            "questionType");

    private final ArchiveParts parts;
    private final boolean redact;
    private final ZipOutputStream zip;
    private final EventLines lines = new EventLines();
    private final MessageDigest sha256 = newSha256();
    private final List<Manifest.Entry> files = new ArrayList<>();
    private final List<Manifest.Seal> seals = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final SortedSet<String> images = new TreeSet<>();
    private final SortedSet<String> packs = new TreeSet<>();
    private @Nullable String open;
    private long openBytes;
    private long events;
    private long quoting;

    private ArchiveWriter(OutputStream out, ArchiveParts parts, boolean redact) {
        this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        this.parts = parts;
        this.redact = redact;
    }

    /// Writes an archive.
    ///
    /// @param redact whether prompt and answer texts and images are withheld; the archive can be verified all the same
    /// @param writtenBy version of this code
    /// @return what the archive says of itself
    public static Manifest write(RunEvents run, ArchiveParts parts, boolean redact, String writtenBy, Instant now,
            OutputStream out)
            throws IOException {
        ArchiveWriter writer = new ArchiveWriter(out, parts, redact);
        try {
            writer.writeEvents(run);
            writer.writeSchemas();
            writer.writePacks();
            writer.writeImages();
            return writer.finish(run, writtenBy, now);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void writeEvents(RunEvents run) {
        for (Topics topic : RunEvents.BY_RUN) {
            run.read(topic, this::writeEvent);
            closeFile();
        }
        for (Topics topic : RunEvents.BY_DIALOGUE) {
            for (int partition = 0; partition < run.partitions(); partition++) {
                run.read(topic, partition, this::writeEvent);
                closeFile();
            }
        }
    }

    private void writeEvent(LoggedEvent event) {
        String name = Entries.events(event.topic(), event.partition());
        if (!name.equals(open)) {
            closeFile();
            openFile(name);
        }
        collect(event.written());
        if (event.event() instanceof RunSealed seal) {
            seals.add(new Manifest.Seal(seal.getSealId(), seal.getJudgementSetId(), seal.getRoot(), seal.getLeaves(),
                    seal.getSupersedes(),
                    seal.getSignature(), seal.getPublicKey()));
        }
        append(lines.line(event, redact ? WithheldTexts.in(event.written()) : event.written()));
        events++;
        if (redact && mayQuote(event.written())) {
            quoting++;
        }
    }

    /// Whether a record was written before what providers say had a field of its own, and says why something failed; or
    /// before what stands in the place of a name had to be one.
    private static boolean mayQuote(Object value) {
        return switch (value) {
            case GenericRecord record when NAMES.stream().anyMatch(name -> isText(record, name)) -> true;
            case GenericRecord record when record.getSchema().getName().equals("RowRejected")
                    && !ForeignNames.quotesNamesAlone(String.valueOf(record.get("problem"))) ->
                true;
            case GenericRecord record -> {
                String words = WORDS.get(record.getSchema().getName());
                yield words != null && record.getSchema().getField("providerMessage") == null
                        && record.get(words) != null
                        || record.getSchema().getFields().stream().anyMatch(field -> mayQuote(record.get(field.pos())));
            }
            case Collection<?> items -> items.stream().anyMatch(ArchiveWriter::mayQuote);
            case null, default -> false;
        };
    }

    private static boolean isText(GenericRecord record, String name) {
        return record.getSchema().getField(name) != null && record.get(name) instanceof CharSequence said
                && !said.isEmpty()
                && !ForeignNames.isAdmitted(said.toString());
    }

    /// Takes note of the images and packs that an event names.
    private void collect(Object value) {
        switch (value) {
            case GenericRecord record -> {
                for (Schema.Field field : record.getSchema().getFields()) {
                    Object content = record.get(field.pos());
                    if (content instanceof CharSequence && field.name().equals("imageSha256")) {
                        images.add(content.toString());
                    } else if (content instanceof CharSequence && field.name().equals("protocolDigest")) {
                        packs.add(content.toString());
                    } else {
                        collect(content);
                    }
                }
            }
            case Collection<?> items -> items.forEach(this::collect);
            case null, default -> {
                /* names nothing */ }
        }
    }

    private void writeSchemas() {
        lines.schemas().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(schema -> writeFile(Entries.schema(schema.getKey()),
                        schema.getValue().toString(true).getBytes(StandardCharsets.UTF_8)));
    }

    private void writePacks() {
        for (String digest : packs) {
            Optional<Map<String, byte[]>> pack = parts.pack(digest);
            if (pack.isEmpty()) {
                missing.add("protocol pack " + digest);
                continue;
            }
            pack.get().entrySet().stream().sorted(Map.Entry.comparingByKey())
                    .forEach(file -> writeFile(Entries.packFile(digest, file.getKey()), file.getValue()));
        }
    }

    private void writeImages() {
        if (redact) {
            return;
        }
        for (String image : images) {
            Optional<byte[]> bytes = parts.image(image);
            if (bytes.isEmpty()) {
                missing.add("image " + image);
            } else {
                writeFile(Entries.image(image), bytes.get());
            }
        }
    }

    private Manifest finish(RunEvents run, String writtenBy, Instant now) throws IOException {
        Manifest manifest = new Manifest(Manifest.FORMAT, Manifest.VERSION, run.runId(), redact, run.partitions(),
                events, seals, missing, quoting, writtenBy,
                now.toString(), files);
        zip.putNextEntry(entry(Entries.MANIFEST));
        zip.write(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
        zip.closeEntry();
        zip.finish();
        zip.flush();
        return manifest;
    }

    private void writeFile(String name, byte[] bytes) {
        if (!Entries.isKnown(name)) {
            throw new IllegalArgumentException("an archive cannot hold a file named " + name);
        }
        openFile(name);
        append(bytes);
        closeFile();
    }

    private void openFile(String name) {
        try {
            zip.putNextEntry(entry(name));
            open = name;
            openBytes = 0;
            sha256.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(byte[] bytes) {
        try {
            zip.write(bytes);
            sha256.update(bytes);
            openBytes += bytes.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeFile() {
        String name = open;
        if (name == null) {
            return;
        }
        try {
            zip.closeEntry();
            files.add(new Manifest.Entry(name, openBytes, HexFormat.of().formatHex(sha256.digest())));
            open = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every entry has the same time, so that the same run gives the same file but for the manifest.
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        return entry;
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
