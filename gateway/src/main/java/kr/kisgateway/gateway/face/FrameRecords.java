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
        var payload = text.substring(count + 1);
        var ends = new ArrayList<Integer>();
        for (int i = 0; i < payload.length(); i++) {
            if (payload.charAt(i) == '^') {
                ends.add(i);
            }
        }
        ends.add(payload.length());
        if (ends.size() % number != 0) {
            return new FrameRecords(trId, List.of());
        }
        return new FrameRecords(trId, split(payload, ends, ends.size() / number));
    }

    private static List<Record> split(String payload, List<Integer> ends, int width) {
        var records = new ArrayList<Record>();
        int from = 0;
        for (int first = 0; first < ends.size(); first += width) {
            var own = new int[width];
            for (int i = 0; i < width; i++) {
                own[i] = ends.get(first + i) - from;
            }
            int to = ends.get(first + width - 1);
            String text = payload.substring(from, to);
            records.add(new Record(text.substring(0, own[0]), text, own));
            from = to + 1;
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
