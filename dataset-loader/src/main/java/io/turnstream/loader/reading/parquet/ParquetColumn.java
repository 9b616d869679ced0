package io.turnstream.loader.reading.parquet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// The columns of a data set in Parquet and the shape each must have.
enum ParquetColumn {
    ID(true, new Shape.Whole()), IMAGE(true, Shape.IMAGE), VARIANT_IMAGES(true,
            new Shape.ListOf(Shape.IMAGE)), UNSAFE_INTENT(true, new Shape.Text()), MULTIMODAL_DIALOGUE(true,
                    Shape.DIALOGUE), MULTIMODAL_MCQ(true, new Shape.ListOf(Shape.MCQ)), MULTIMODAL_TF(true,
                            new Shape.ListOf(Shape.TF)), UNIMODAL_DIALOGUE(true, Shape.DIALOGUE), UNIMODAL_MCQ(true,
                                    new Shape.ListOf(Shape.MCQ)), UNIMODAL_TF(true,
                                            new Shape.ListOf(Shape.TF)), SPLIT(false, new Shape.Text());

    private final boolean required;
    private final Shape shape;

    ParquetColumn(boolean required, Shape shape) {
        this.required = required;
        this.shape = shape;
    }

    String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The columns to read.
    static List<ParquetColumn> wanted(boolean variants) {
        return Arrays.stream(values()).filter(column -> variants || column != VARIANT_IMAGES).toList();
    }

    /// What is wrong with this column in a file, or empty.
    Optional<Mismatch> check(MessageType schema) {
        if (!schema.containsField(columnName())) {
            return required
                    ? Optional.of(new Mismatch(columnName(), "the column is missing", shape.describe()))
                    : Optional.empty();
        }
        Type type = schema.getType(columnName());
        return shape.accepts(type)
                ? Optional.empty()
                : Optional.of(new Mismatch(columnName(), "the column is " + describe(type), shape.describe()));
    }

    /// @param found what the file has
    /// @param expected what it should have
    record Mismatch(String column, String found, String expected) {}

    /// The type of a field in the words of the data set's own schema.
    static String describe(Type type) {
        if (type.isPrimitive()) {
            PrimitiveType primitive = type.asPrimitiveType();
            String name = primitive.getPrimitiveTypeName() == PrimitiveTypeName.BINARY && isText(primitive)
                    ? "string"
                    : primitive.getPrimitiveTypeName().name().toLowerCase(Locale.ROOT);
            LogicalTypeAnnotation meaning = primitive.getLogicalTypeAnnotation();
            String full = meaning == null || isText(primitive) || isWhole(primitive)
                    ? name
                    : name + " (" + meaning + ")";
            return type.isRepetition(Type.Repetition.REPEATED) ? "repeated " + full : full;
        }
        Type element = elementOf(type);
        if (element != null) {
            return "list<" + describe(element) + ">";
        }
        return "struct<"
                + String.join(", ", type.asGroupType().getFields().stream()
                        .map(field -> field.getName() + ": " + describe(field))
                        .toList())
                + ">";
    }

    /// The element of a list in the three levels that the Parquet specification asks writers for, else null.
    static @Nullable Type elementOf(Type type) {
        if (type.isPrimitive()
                || !(type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation)) {
            return null;
        }
        GroupType list = type.asGroupType();
        if (list.getFieldCount() != 1 || !list.getType(0).isRepetition(Type.Repetition.REPEATED)
                || list.getType(0).isPrimitive() || list.getType(0).asGroupType().getFieldCount() != 1) {
            return null;
        }
        return list.getType(0).asGroupType().getType(0);
    }

    private static boolean isText(PrimitiveType type) {
        return type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation;
    }

    /// Some writers leave out that bytes are text, so bytes that stand for nothing else may be.
    private static boolean mayBeText(PrimitiveType type) {
        return switch (type.getLogicalTypeAnnotation()) {
            case null -> true;
            case LogicalTypeAnnotation.StringLogicalTypeAnnotation _,LogicalTypeAnnotation.EnumLogicalTypeAnnotation _,LogicalTypeAnnotation.JsonLogicalTypeAnnotation _ ->
                true;
            default -> false;
        };
    }

    /// Whether a number stands for itself, and not for a date, say.
    private static boolean isWhole(PrimitiveType type) {
        return type.getLogicalTypeAnnotation() == null
                || type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation;
    }

    private sealed interface Shape {

        Struct IMAGE = new Struct(List.of(new Field("bytes", new Bytes()), new Field("path", new Text())));
        Struct DIALOGUE = new Struct(io.turnstream.loader.reading.RawRow.TURN_FIELDS.stream()
                .map(field -> new Field(field, new Text()))
                .toList());
        Struct MCQ = new Struct(List.of(
                new Field("question", new Text()),
                new Field("question_type", new Text()),
                new Field("options", new ListOf(new Text())),
                new Field("ground_truth", new Text())));
        Struct TF = new Struct(List.of(new Field("question", new Text()), new Field("ground_truth", new Truth())));

        boolean accepts(Type type);

        String describe();

        record Whole() implements Shape {
            @Override
            public boolean accepts(Type type) {
                return (isPrimitive(type, PrimitiveTypeName.INT32) || isPrimitive(type, PrimitiveTypeName.INT64))
                        && isWhole(type.asPrimitiveType());
            }

            @Override
            public String describe() {
                return "int32";
            }
        }

        record Truth() implements Shape {
            @Override
            public boolean accepts(Type type) {
                return isPrimitive(type, PrimitiveTypeName.BOOLEAN);
            }

            @Override
            public String describe() {
                return "boolean";
            }
        }

        record Bytes() implements Shape {
            @Override
            public boolean accepts(Type type) {
                return isPrimitive(type, PrimitiveTypeName.BINARY);
            }

            @Override
            public String describe() {
                return "binary";
            }
        }

        record Text() implements Shape {
            @Override
            public boolean accepts(Type type) {
                return isPrimitive(type, PrimitiveTypeName.BINARY) && mayBeText(type.asPrimitiveType());
            }

            @Override
            public String describe() {
                return "string";
            }
        }

        record Field(String name, Shape shape) {}

        record Struct(List<Field> fields) implements Shape {
            @Override
            public boolean accepts(Type type) {
                if (type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
                    return false;
                }
                GroupType group = type.asGroupType();
                return fields.stream()
                        .allMatch(field -> group.containsField(field.name())
                                && field.shape().accepts(group.getType(field.name())));
            }

            @Override
            public String describe() {
                return "struct<"
                        + String.join(", ", fields.stream()
                                .map(field -> field.name() + ": " + field.shape().describe())
                                .toList())
                        + ">";
            }
        }

        record ListOf(Shape element) implements Shape {
            @Override
            public boolean accepts(Type type) {
                Type found = elementOf(type);
                return found != null && element.accepts(found);
            }

            @Override
            public String describe() {
                return "list<" + element.describe() + ">";
            }
        }

        private static boolean isPrimitive(Type type, PrimitiveTypeName name) {
            return type.isPrimitive()
                    && !type.isRepetition(Type.Repetition.REPEATED)
                    && type.asPrimitiveType().getPrimitiveTypeName() == name;
        }
    }
}
