package kr.kisgateway.client.master;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One parsed master file. An unreadable line is left out, counted and listed; the other lines are not affected.
 * {@link #isTrustworthy} reports whether so many were left out that the file should not be trusted.
 */
public final class MasterTable {
    /**
     * A line that was left out.
     *
     * @param number counted from 1
     * @param problem what is wrong with it; never quotes it
     */
    public record BadLine(long number, String problem) {}

    /** The most bad lines in the list; the others are only counted. */
    public static final int BAD_LINES_NAMED = 100;

    private static final int BAD_PERCENT_MAX = 1;

    private final MasterFile file;
    private final List<MasterRow> rows;
    private final List<StockListing> stocks;
    private final List<OverseasListing> overseas;
    private final List<BadLine> badLines;
    private final long badLineCount;

    private MasterTable(TableReader reader) {
        this.file = reader.file;
        this.rows = List.copyOf(reader.rows);
        this.stocks = List.copyOf(reader.stocks);
        this.overseas = List.copyOf(reader.overseas);
        this.badLines = List.copyOf(reader.badLines);
        this.badLineCount = reader.badLineCount;
    }

    /** Parses the unpacked bytes of {@code file}. Never throws; check {@link #isTrustworthy}. */
    public static MasterTable parse(MasterFile file, byte[] bytes) {
        var reader = new TableReader(file);
        int from = 0;
        long number = 0;
        while (from < bytes.length) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            number++;
            int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
            if (end > from) {
                reader.line(number, Arrays.copyOfRange(bytes, from, end));
            }
            from = to + 1;
        }
        return new MasterTable(reader);
    }

    /** The file. */
    public MasterFile file() {
        return file;
    }

    /** Every good line, in the file's order. */
    public List<MasterRow> rows() {
        return rows;
    }

    /** The same lines as listings; empty unless the file is KOSPI, KOSDAQ or KONEX. */
    public List<StockListing> stocks() {
        return stocks;
    }

    /** The same lines as listings; empty unless it is an overseas file. */
    public List<OverseasListing> overseas() {
        return overseas;
    }

    /** The first {@value #BAD_LINES_NAMED} lines that were left out. */
    public List<BadLine> badLines() {
        return badLines;
    }

    /** How many lines were left out. */
    public long badLineCount() {
        return badLineCount;
    }

    /** Whether there are lines at all and at most one in a hundred was bad. Otherwise the layout has probably changed. */
    public boolean isTrustworthy() {
        return !rows.isEmpty() && badLineCount * 100 <= (rows.size() + badLineCount) * BAD_PERCENT_MAX;
    }

    @Override
    public String toString() {
        return file + " rows=" + rows.size() + " bad=" + badLineCount;
    }

    private static final class TableReader {
        private final MasterFile file;
        private final Layout layout;
        private final List<MasterRow> rows = new ArrayList<>();
        private final List<StockListing> stocks = new ArrayList<>();
        private final List<OverseasListing> overseas = new ArrayList<>();
        private final List<BadLine> badLines = new ArrayList<>();
        private long badLineCount;

        TableReader(MasterFile file) {
            this.file = file;
            this.layout = file.layout();
        }

        void line(long number, byte[] line) {
            var starts = layout.split(line);
            if (starts.isEmpty()) {
                bad(number, "has " + line.length + " bytes, too few for its fields");
                return;
            }
            try {
                addRow(new MasterRow(layout, line, starts.get()));
            } catch (BadMasterFieldException trouble) {
                bad(number, String.valueOf(trouble.getMessage()));
            }
        }

        private void addRow(MasterRow row) {
            row.check();
            switch (file.kind()) {
                case STOCKS -> stocks.add(StockListing.of(file.market().orElseThrow(), row));
                case OVERSEAS -> overseas.add(OverseasListing.of(row));
                case ROWS -> {
                    // Only the field name is reported.
                }
            }
            rows.add(row);
        }

        private void bad(long number, String problem) {
            badLineCount++;
            if (badLines.size() < BAD_LINES_NAMED) {
                badLines.add(new BadLine(number, problem));
            }
        }
    }
}
