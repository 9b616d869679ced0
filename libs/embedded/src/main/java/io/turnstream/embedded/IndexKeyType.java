package io.turnstream.embedded;

import de.bwaldvogel.mongo.backend.KeyValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;
import org.jspecify.annotations.Nullable;

/// Keys of indexes in H2's pages. A single text is compared as a text; by itself H2 serializes both sides of each
/// comparison. Other keys are serialized as before, and come after the texts.
final class IndexKeyType extends BasicDataType<KeyValue> {

    private static final byte TEXT = 1;
    private static final byte OTHER = 2;
    private static final int BYTES_BESIDE_TEXT = 64;

    @Override
    public int compare(KeyValue one, KeyValue other) {
        String text = textOf(one);
        String otherText = textOf(other);
        if (text != null && otherText != null) {
            return text.compareTo(otherText);
        }
        if (text == null && otherText == null) {
            return Arrays.compare(ObjectDataType.serialize(one), ObjectDataType.serialize(other));
        }
        return text != null ? -1 : 1;
    }

    @Override
    public int getMemory(KeyValue key) {
        String text = textOf(key);
        return BYTES_BESIDE_TEXT + (text == null ? BYTES_BESIDE_TEXT : text.length());
    }

    @Override
    public void write(WriteBuffer page, KeyValue key) {
        String text = textOf(key);
        if (text != null) {
            page.put(TEXT).putVarInt(text.length()).putStringData(text, text.length());
        } else {
            byte[] serialized = ObjectDataType.serialize(key);
            page.put(OTHER).putVarInt(serialized.length).put(serialized);
        }
    }

    @Override
    public KeyValue read(ByteBuffer page) {
        byte kind = page.get();
        int length = DataUtils.readVarInt(page);
        if (kind == TEXT) {
            return new KeyValue(DataUtils.readString(page, length));
        }
        byte[] serialized = new byte[length];
        page.get(serialized);
        return (KeyValue) ObjectDataType.deserialize(serialized);
    }

    @Override
    public KeyValue[] createStorage(int size) {
        return new KeyValue[size];
    }

    private static @Nullable String textOf(KeyValue key) {
        return key.size() == 1 && key.get(0) instanceof String text ? text : null;
    }
}
