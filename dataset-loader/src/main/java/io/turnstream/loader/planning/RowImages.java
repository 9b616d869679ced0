package io.turnstream.loader.planning;

import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.events.EventDigests;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.images.PreparedImage;
import io.turnstream.loader.images.UnusableImageException;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.validation.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What became of a row's images.
sealed interface RowImages {

    /// They can be sent.
    ///
    /// @param cluster SHA-256 (hex) of the row's own image as the data set has it
    /// @param byVariant what is sent, by image variant; empty where no images are sent
    /// @param warnings variants that are left out
    record Ready(String cluster, SortedMap<Integer, PreparedImage> byVariant, List<RowRejection> warnings)
            implements
                RowImages {}

    /// The row's own image cannot be used, so the row cannot be run.
    record Unusable(RowRejection rejection) implements RowImages {}

    static RowImages prepare(Row row, Selection selection, ImageSettings settings, ImagePreparer preparer)
            throws InterruptedException {
        byte[] own = row.image().requireBytes();
        SortedMap<Integer, PreparedImage> byVariant = new TreeMap<>();
        if (!selection.sendsImages()) {
            return new Ready(EventDigests.sha256Hex(own), byVariant, List.of());
        }
        try {
            byVariant.put(0, preparer.prepare(own, settings));
        } catch (UnusableImageException e) {
            return new Unusable(row.place().rejectRow("image", e.problem(), e.expected(), e.remedy()));
        }
        List<RowRejection> warnings = new ArrayList<>();
        if (selection.sendsVariants()) {
            for (Map.Entry<Integer, RawImage> variant : row.variantImages().entrySet()) {
                try {
                    byVariant.put(variant.getKey(), preparer.prepare(variant.getValue().requireBytes(), settings));
                } catch (UnusableImageException e) {
                    warnings.add(row.place().warn("variant_images[" + (variant.getKey() - 1) + "]",
                            e.problem() + ": this variant is left out", e.expected(), e.remedy()));
                }
            }
            if (row.variantImages().isEmpty()) {
                warnings.add(row.place().warn("variant_images", "the row has no variant images",
                        "variant images, since --variants is given", "leave out --variants, or complete the row"));
            }
        }
        return new Ready(byVariant.get(0).sourceSha256(), byVariant, warnings);
    }
}
