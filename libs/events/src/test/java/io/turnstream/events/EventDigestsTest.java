package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.Text;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

class EventDigestsTest {

    private static final EventMeta META = new EventMeta("e-2", "e-1", "c".repeat(64), 1_767_225_600_000L);

    @Test
    void aTextStandsInTheBodyAsItsCommitmentAlone() {
        // SHA-256 over 16 zero bytes and "B": `(head -c16 /dev/zero; printf B) | sha256sum`
        Text text = Texts.of("B", new byte[16]);
        Exchange exchange = new Exchange(text, null);

        // A string is its length as a zig-zag varint (64 -> 0x80 0x01) and its UTF-8 bytes; the union's null branch is
        // 0x00.
        String body = "8001" + HexFormat.of().formatHex(text.getCommitment().getBytes()) + "00";
        assertThat(HexFormat.of().formatHex(EventDigests.canonicalBody(exchange))).isEqualTo(body);
    }

    @Test
    void theCommitmentIsTheHashOfSaltAndText() {
        assertThat(Texts.of("B", new byte[16]).getCommitment())
                .isEqualTo("568edd08a8dafdc67ce93ba20a5b3d606f24478aeb6d6dcc2977b7c34d0be5fc");
    }

    @Test
    void fixedVectorsHoldTheRulesOfDigests() {
        // Both were computed apart from this code: SHA-256 over the canonical form written by hand, and over it and the
        // body.
        RunCommanded command = new RunCommanded(META, "01JD0000000000000000000001", RunCommand.PAUSE, "tea", "tester",
                null, null, List.of());
        assertThat(HexFormat.of().formatHex(EventDigests.fingerprint(RunCommanded.getClassSchema())))
                .isEqualTo("8af5bf9d83deded1f4fe576b806a8df9e572917a89bfeef41788c7569b7eb50d");
        assertThat(EventDigests.of(command))
                .isEqualTo("ff9a5f6129134fdc05745907f4e6630f56a66bb198dab05cd73af50febdbcc35");
    }

    @Test
    void withholdingATextChangesNoDigest() {
        Exchange open = new Exchange(Texts.of("a question"), Texts.of("an answer"));
        Exchange redacted = new Exchange(Texts.withheld(open.getUser()), Texts.withheld(open.getAssistant()));

        assertThat(EventDigests.of(redacted)).isEqualTo(EventDigests.of(open));
        assertThat(Texts.holds(redacted.getUser())).isTrue();
    }

    @Test
    void changingATextIsSeenByItsCommitment() {
        Text text = Texts.of("an answer");
        text.setText("another answer");

        assertThat(Texts.holds(text)).isFalse();
    }

    @Test
    void theDigestOfAnEventReadGenericallyIsTheSame() throws Exception {
        RunCommanded command = new RunCommanded(META, "run", RunCommand.CANCEL, null, "tester", null, null, List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<RunCommanded>(RunCommanded.getClassSchema()).write(command, encoder);
        GenericRecord generic = new GenericDatumReader<GenericRecord>(RunCommanded.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));

        assertThat(EventDigests.of(generic)).isEqualTo(EventDigests.of(command));
    }
}
