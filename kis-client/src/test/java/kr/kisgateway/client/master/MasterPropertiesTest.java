package kr.kisgateway.client.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reading restores any printed values; and for any bytes, reading ends and reports correctly. */
class MasterPropertiesTest {
    private static final String CHARS = "가나다라마바사힣뷁똠ABCxyz0123456789 -().&%";

    @Property(tries = 400)
    void every_field_of_every_line_survives(@ForAll MasterFile file, @ForAll Random random) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            rows.add(row(file, random));
        }
        MasterTable table = MasterTable.parse(
                file,
                MstPrinter.file(
                        rows.stream().map(it -> MstPrinter.line(file, it)).toList()));

        assertThat(table.badLines()).isEmpty();
        assertThat(table.rows()).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            for (MasterField field : file.fields()) {
                assertThat(table.rows().get(i).text(field.name()))
                        .as("%s of line %d", field.name(), i + 1)
                        .isEqualTo(rows.get(i).get(field.name()));
            }
        }
    }

    @Property(tries = 2000)
    void any_bytes_are_read_to_their_end(@ForAll MasterFile file, @ForAll byte[] bytes) {
        assertLinesCounted(MasterTable.parse(file, bytes), bytes);
    }

    @Property(tries = 2000)
    void a_good_file_that_was_cut_or_garbled_is_read_to_its_end(
            @ForAll MasterFile file, @ForAll("accidents") List<int[]> accidents, @ForAll Random random) {
        byte[] bytes = MstPrinter.file(List.of(
                MstPrinter.line(file, row(file, random)),
                MstPrinter.line(file, row(file, random)),
                MstPrinter.line(file, row(file, random))));
        for (int[] accident : accidents) {
            bytes = accident(bytes, accident[0], accident[1], accident[2]);
        }
        assertLinesCounted(MasterTable.parse(file, bytes), bytes);
    }

    @Property(tries = 500)
    void the_fuzzed_parser_accepts_any_bytes(@ForAll byte[] bytes) {
        assertThatCode(() -> MasterTableFuzzer.fuzzerTestOneInput(bytes)).doesNotThrowAnyException();
    }

    /** Every non-empty line is either a row or counted as bad, and every row has all of its names. */
    private static void assertLinesCounted(MasterTable table, byte[] bytes) {
        long lines = Arrays.stream(new String(bytes, StandardCharsets.ISO_8859_1).split("\n"))
                .filter(line -> !(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line).isEmpty())
                .count();
        assertThat(table.rows().size() + table.badLineCount()).isEqualTo(lines);
        assertThat(table.badLines()).hasSize((int) Math.min(table.badLineCount(), MasterTable.BAD_LINES_NAMED));
        table.rows()
                .forEach(row -> row.fields()
                        .forEach(field -> assertThat(row.text(field.name())).isNotNull()));
    }

    /** A line with valid required fields and random other values. */
    private static Map<String, String> row(MasterFile file, Random random) {
        var values = new HashMap<String, String>();
        for (MasterField field : file.fields()) {
            int width = field.width().orElse(40);
            values.put(
                    field.name(),
                    switch (field.name()) {
                        case "stnd_iscd" -> "KR7" + digits(random, 9);
                        case "mksc_shrn_iscd", "shrn_iscd" -> digits(random, 6);
                        case "idx_div", "idx_code", "theme_code", "mbcr_no" -> digits(random, width);
                        case "scrt_grp_cls_code" -> random.nextBoolean() ? "ST" : "EF";
                        case "excd" -> "NYS";
                        case "trht_yn", "sltr_yn", "mang_issu_yn", "mrkt_alrm_risk_adnt_yn", "isdr" ->
                            random.nextBoolean() ? "Y" : "N";
                        case "stck_sdpr", "frml_mrkt_deal_qty_unit", "lstn_stcn", "bnit", "anit", "base" ->
                            digits(random, width);
                        case "stck_lstn_date" ->
                            "202%d0%d1%d".formatted(random.nextInt(10), 1 + random.nextInt(9), random.nextInt(10));
                        case "symb", "idx_name", "mbcr_name" -> "x" + text(random, width - 1);
                        default -> text(random, width);
                    });
        }
        return values;
    }

    private static String digits(Random random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    private static String text(Random random, int bytesMax) {
        var text = new StringBuilder();
        int targetBytes = random.nextInt(bytesMax + 1);
        while (text.toString().getBytes(MstPrinter.CP949).length < targetBytes) {
            text.append(CHARS.charAt(random.nextInt(CHARS.length())));
        }
        while (text.toString().getBytes(MstPrinter.CP949).length > bytesMax) {
            text.setLength(text.length() - 1);
        }
        return text.toString().strip();
    }

    /** One to three accidents: the end cut off, a bit flipped, a piece lost or doubled. */
    @Provide
    Arbitrary<List<int[]>> accidents() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 10_000);
        return Combinators.combine(Arbitraries.integers().between(0, 3), place, place)
                .as((what, at, extent) -> new int[] {what, at, extent})
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static byte[] accident(byte[] bytes, int what, int place, int extent) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = place % bytes.length;
        int to = at + extent % (bytes.length - at);
        byte[] end = Arrays.copyOfRange(bytes, to, bytes.length);
        switch (what) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1 -> {
                byte[] flipped = bytes.clone();
                flipped[at] ^= (byte) (1 << extent % 8);
                return flipped;
            }
            case 2 -> {
                byte[] lost = Arrays.copyOf(bytes, at + end.length);
                System.arraycopy(end, 0, lost, at, end.length);
                return lost;
            }
            default -> {
                byte[] doubled = Arrays.copyOf(bytes, to + bytes.length - at);
                System.arraycopy(bytes, at, doubled, to, bytes.length - at);
                return doubled;
            }
        }
    }
}
