package kr.kisgateway.gateway.face;

import java.util.ArrayList;
import java.util.List;

/** The records of a data frame as text: {@code <enc>|<TR>|<count>|record^record}. */
record FrameRecords(String trId, List<Record> records) {
    private static final int COUNT_DIGITS = 3;

    /**
     * @param key the first column, which names the instrument
     * @param ends positions in {@code text} behind each column
     */
    record Record(String key, String text, int[] ends) {
        int width() {
            return ends.length;
        }

        /** The first {@code columns} columns. */
        String first(int columns) {
            return columns >= ends.length ? text : text.substring(0, ends[columns - 1]);
        }
    }

    /** The TR of a clear frame; empty for anything else. */
    static String trId(CharSequence frame) {
        if (frame.length() < 4 || frame.charAt(0) != '0' || frame.charAt(1) != '|') {
            return "";
        }
        for (int i = 2; i < frame.length(); i++) {
            if (frame.charAt(i) == '|') {
                return frame.subSequence(2, i).toString();
            }
        }
        return "";
    }

    /** Reads a clear frame; without records when its columns do not divide by their number. */
    static FrameRecords read(CharSequence frame) {
        String trId = trId(frame);
        String text = frame.toString();
        int count = text.indexOf('|', trId.length() + 3);
        int number = count < 0 ? 0 : parse(text, trId.length() + 3, count);
        if (trId.isEmpty() || number == 0) {
            return new FrameRecords(trId, List.of());
        }
        int columns = 1;
        for (int i = count + 1; i < text.length(); i++) {
            if (text.charAt(i) == '^') {
                columns++;
            }
        }
        return new FrameRecords(
                trId, columns % number == 0 ? split(text, count + 1, number, columns / number) : List.of());
    }

    private static List<Record> split(String text, int begin, int number, int width) {
        var records = new ArrayList<Record>(number);
        int from = begin;
        for (int record = 0; record < number; record++) {
            var ends = new int[width];
            int at = from;
            for (int column = 0; column < width; column++) {
                int end = text.indexOf('^', at);
                ends[column] = (end < 0 ? text.length() : end) - from;
                at = from + ends[column] + 1;
            }
            String own = text.substring(from, at - 1);
            records.add(new Record(own.substring(0, ends[0]), own, ends));
            from = at;
        }
        return records;
    }

    private static int parse(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || to - from > COUNT_DIGITS) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
