package kr.kisgateway.wire;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Every code that a client of KIS meets, with its class, severity, cause and remedy. The
 * rows are the resource {@code codes.tsv}; a code that is missing here is not harmless but unknown.
 */
public final class CodeTable {
    private static final int COLUMNS = 9;

    private final SequencedMap<String, KisCode> byCode;

    private CodeTable(SequencedMap<String, KisCode> byCode) {
        this.byCode = byCode;
    }

    /** The built-in table. Reads one small resource; cache the result. */
    public static CodeTable load() {
        SequencedMap<String, KisCode> byCode = new LinkedHashMap<>();
        Resources.text("codes.tsv")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(CodeTable::row)
                .forEach(row -> add(byCode, row));
        return new CodeTable(byCode);
    }

    /** The row of {@code code}, or empty when it is not listed. */
    public Optional<KisCode> entry(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** All rows in the order of the file. */
    public Collection<KisCode> entries() {
        return Collections.unmodifiableCollection(byCode.values());
    }

    private static void add(Map<String, KisCode> byCode, KisCode row) {
        if (byCode.put(row.code(), row) != null) {
            throw new IllegalStateException("codes.tsv lists " + row.code() + " twice");
        }
    }

    private static KisCode row(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalStateException("codes.tsv: " + COLUMNS + " columns expected: " + line);
        }
        return new KisCode(
                cells[0],
                Area.valueOf(cells[1]),
                RetryClass.valueOf(cells[2]),
                Severity.valueOf(cells[3]),
                cells[4],
                cells[5],
                Actor.valueOf(cells[6]),
                cells[7],
                cells[8]);
    }
}
