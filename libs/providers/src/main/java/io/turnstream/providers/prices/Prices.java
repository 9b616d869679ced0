package io.turnstream.providers.prices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.turnstream.contracts.TokenPrice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Prices by model: those of a person's file before those that come with the program. YAML or JSON, one entry a model:
/// `provider/name: {input: 2.50, output: 10.00}`, in USD for a million tokens; `provider/prefix*` stands for all that
/// begin so.
public final class Prices {

    private static final String BUNDLED = "prices.yaml";
    private static final int LARGEST_FILE = 1 << 20;
    private static final long DEAREST_USD_PER_MILLION = 100_000;
    private static final Set<String> FIELDS = Set.of("input", "output");
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final List<Table> tables;

    private Prices(List<Table> tables) {
        this.tables = List.copyOf(tables);
    }

    /// The prices that come with the program.
    public static Prices bundled() {
        return new Prices(List.of(bundledTable()));
    }

    /// A person's prices, and behind them those that come with the program.
    ///
    /// @throws InvalidPricesException if the file is missing, unreadable or not as it should be
    public static Prices of(Path file) {
        return new Prices(List.of(table(file), bundledTable()));
    }

    /// A person's prices alone.
    ///
    /// @throws InvalidPricesException if the file is missing, unreadable or not as it should be
    public static Prices only(Path file) {
        return new Prices(List.of(table(file)));
    }

    private static Table table(Path file) {
        String text = text(file);
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            // the parser's own message repeats the file, which may be another one than was meant, with a key in it
            throw new InvalidPricesException("The price file " + file + " is neither YAML nor JSON"
                    + (e.getLocation() == null || e.getLocation().getLineNr() < 1
                            ? ""
                            : " (line " + e.getLocation().getLineNr() + ")"));
        } catch (RuntimeException e) {
            // the YAML parser has some of its own that the JSON library does not wrap
            throw new InvalidPricesException("The price file " + file + " is neither YAML nor JSON");
        }
        return Table.of(file.toString(), root);
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new InvalidPricesException(
                        "The price file " + file + " is larger than " + LARGEST_FILE + " bytes");
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
                throw new InvalidPricesException("The price file " + file + " is no text in UTF-8");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new InvalidPricesException("The price file " + file + " does not exist");
        } catch (CharacterCodingException e) {
            throw new InvalidPricesException("The price file " + file + " is no text in UTF-8");
        } catch (IOException e) {
            throw new InvalidPricesException("The price file " + file + " cannot be read");
        }
    }

    private static Table bundledTable() {
        try (InputStream in = Prices.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IllegalStateException(BUNDLED + " is not in the program");
            }
            return Table.of(BUNDLED, YAML.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a model's tokens cost.
    ///
    /// @param model `provider/name`
    /// @return null if that is not known
    public @Nullable TokenPrice of(String model) {
        for (Table table : tables) {
            TokenPrice price = table.price(model);
            if (price != null) {
                return price;
            }
        }
        return null;
    }

    /// 1e-12 USD for one token: 2.50 USD for a million are 2,500,000.
    ///
    /// @throws IllegalArgumentException if that is no price
    public static long picoUsd(BigDecimal usdPerMillion) {
        if (usdPerMillion.signum() < 0 || usdPerMillion.compareTo(BigDecimal.valueOf(DEAREST_USD_PER_MILLION)) > 0) {
            throw new IllegalArgumentException(
                    usdPerMillion.toPlainString() + " is no price: expected 0 to " + DEAREST_USD_PER_MILLION
                            + " USD per million");
        }
        return usdPerMillion.movePointRight(6).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    private record Table(Map<String, TokenPrice> exact, Map<String, TokenPrice> byPrefix,
            List<String> longestPrefixFirst) {

        static Table of(String file, @Nullable JsonNode root) {
            Map<String, TokenPrice> exact = new HashMap<>();
            Map<String, TokenPrice> byPrefix = new HashMap<>();
            if (root != null && !root.isMissingNode() && !root.isNull()) {
                if (!root.isObject()) {
                    throw new InvalidPricesException(
                            file + ": expected one entry a model, provider/name: {input: 2.50, "
                                    + "output: 10.00}");
                }
                for (Map.Entry<String, JsonNode> entry : root.properties()) {
                    String name = entry.getKey();
                    if (name.indexOf('/') <= 0) {
                        // not repeated: a name that is none may be a key
                        throw new InvalidPricesException(file + ", entry " + (exact.size() + byPrefix.size() + 1)
                                + ": expected provider/name, for example openai/gpt-5-mini");
                    }
                    TokenPrice price = price(file, name, entry.getValue());
                    if (name.endsWith("*")) {
                        byPrefix.put(name.substring(0, name.length() - 1), price);
                    } else {
                        exact.put(name, price);
                    }
                }
            }
            List<String> longestFirst = byPrefix.keySet().stream()
                    .sorted((a, b) -> Integer.compare(b.length(), a.length())).toList();
            return new Table(exact, byPrefix, longestFirst);
        }

        private static TokenPrice price(String file, String name, JsonNode fields) {
            String where = file + ", entry '" + name + "': ";
            Set<String> unknown = new TreeSet<>();
            for (Iterator<String> names = fields.fieldNames(); names.hasNext();) {
                unknown.add(names.next());
            }
            unknown.removeAll(FIELDS);
            if (!unknown.isEmpty()) {
                throw new InvalidPricesException(where + "unknown field '" + unknown.iterator().next()
                        + "', expected input and output");
            }
            JsonNode input = fields.path("input");
            JsonNode output = fields.path("output");
            if (!input.isNumber() || !output.isNumber()) {
                throw new InvalidPricesException(
                        where + "expected two numbers, {input: 2.50, output: 10.00}, in USD for a "
                                + "million tokens");
            }
            try {
                return new TokenPrice(picoUsd(input.decimalValue()), picoUsd(output.decimalValue()));
            } catch (IllegalArgumentException e) {
                throw new InvalidPricesException(where + e.getMessage());
            }
        }

        @Nullable
        TokenPrice price(String model) {
            TokenPrice price = exact.get(model);
            if (price != null) {
                return price;
            }
            for (String prefix : longestPrefixFirst) {
                if (model.startsWith(prefix)) {
                    return byPrefix.get(prefix);
                }
            }
            return null;
        }
    }
}
