package kr.kisgateway.client.master;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;

/** Writes lines of master files, the inverse of the reader and sharing none of its code but the layouts. */
final class MstPrinter {
    static final Charset CP949 = Charset.forName("MS949");
    private static final int NAME_BYTES = 40;

    private MstPrinter() {}

    /** One line without its end; fields that {@code values} does not name stay blank. */
    static byte[] line(MasterFile file, Map<String, String> values) {
        var out = new ByteArrayOutputStream();
        String mark = file.fileName().endsWith(".cod") ? "\t" : file.fileName().contains("_mts") ? "|" : "";
        for (int i = 0; i < file.fields().size(); i++) {
            MasterField field = file.fields().get(i);
            byte[] text = values.getOrDefault(field.name(), "").getBytes(CP949);
            out.writeBytes((i == 0 ? "" : mark).getBytes(CP949));
            out.writeBytes(text);
            int width = mark.isEmpty() ? field.width().orElse(NAME_BYTES) : text.length;
            if (text.length > width) {
                throw new IllegalArgumentException(field.name() + " has no room for " + values.get(field.name()));
            }
            out.writeBytes(" ".repeat(width - text.length).getBytes(CP949));
        }
        return out.toByteArray();
    }

    /** A file of lines. */
    static byte[] file(List<byte[]> lines) {
        var out = new ByteArrayOutputStream();
        lines.forEach(line -> {
            out.writeBytes(line);
            out.write('\n');
        });
        return out.toByteArray();
    }

    /** {@code count} stocks, with codes from 100000 on. */
    static byte[] stocks(MasterFile file, int count) {
        return file(java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> line(
                        file,
                        Map.of(
                                "mksc_shrn_iscd",
                                String.valueOf(100000 + i),
                                "stnd_iscd",
                                "KR7" + (100000 + i) + "003",
                                "hts_kor_isnm",
                                "견본" + i,
                                "scrt_grp_cls_code",
                                "ST",
                                "stck_sdpr",
                                "000005000")))
                .toList());
    }

    /** A file from the test's resources. */
    static byte[] sample(String name) {
        try (InputStream in = MstPrinter.class.getResourceAsStream("/master/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
