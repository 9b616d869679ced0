package io.turnstream.projection.store;

import io.turnstream.events.Ids;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// A document under construction, and typed access to a finished one. Absent values are left out.
final class Fields {

    private final Document document = new Document();

    static Fields of(String name, @Nullable Object value) {
        return new Fields().with(name, value);
    }

    Fields with(String name, @Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            document.append(name, Ids.wireName(constant));
        } else if (value != null) {
            document.append(name, value);
        }
        return this;
    }

    /// A moment, exact to the millisecond.
    Fields at(String name, long epochMillis) {
        document.append(name, new Date(epochMillis));
        return this;
    }

    Document document() {
        return document;
    }

    static String text(Document document, String name) {
        String value = document.getString(name);
        if (value == null) {
            throw new IllegalStateException("the document " + document.get("_id") + " has no field " + name);
        }
        return value;
    }

    static int integer(Document document, String name) {
        return number(document, name).intValue();
    }

    static long whole(Document document, String name) {
        return number(document, name).longValue();
    }

    static @Nullable Long wholeOrNull(Document document, String name) {
        return document.get(name) instanceof Number number ? (Long) number.longValue() : null;
    }

    static @Nullable Integer integerOrNull(Document document, String name) {
        return document.get(name) instanceof Number number ? (Integer) number.intValue() : null;
    }

    static boolean flag(Document document, String name) {
        return document.getBoolean(name, false);
    }

    static @Nullable Instant timeOrNull(Document document, String name) {
        return document.get(name) instanceof Date date ? date.toInstant() : null;
    }

    static Instant time(Document document, String name) {
        return document.getDate(name).toInstant();
    }

    static @Nullable Document partOrNull(Document document, String name) {
        return document.get(name, Document.class);
    }

    static Document part(Document document, String name) {
        Document part = partOrNull(document, name);
        return part == null ? new Document() : part;
    }

    static <T> List<T> list(Document document, String name, Class<T> type) {
        List<T> list = document.getList(name, type);
        return list == null ? List.of() : list;
    }

    private static Number number(Document document, String name) {
        if (document.get(name) instanceof Number number) {
            return number;
        }
        throw new IllegalStateException("the document " + document.get("_id") + " has no number " + name);
    }
}
