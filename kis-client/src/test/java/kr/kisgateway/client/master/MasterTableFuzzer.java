package kr.kisgateway.client.master;

import java.nio.charset.StandardCharsets;

/**
 * The master-file reader for a coverage-guided fuzzer: Jazzer calls this method directly
 * ({@code --target_class=kr.kisgateway.client.master.MasterTableFuzzer}). The first byte selects the file.
 */
public final class MasterTableFuzzer {
    private MasterTableFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        MasterFile file = MasterFile.values()[Byte.toUnsignedInt(input[0]) % MasterFile.values().length];
        byte[] bytes = java.util.Arrays.copyOfRange(input, 1, input.length);
        MasterTable table = MasterTable.parse(file, bytes);
        long lines = new String(bytes, StandardCharsets.ISO_8859_1)
                .chars()
                .filter(c -> c == '\n')
                .count();
        if (table.rows().size() + table.badLineCount() > lines + 1) {
            throw new IllegalStateException("more rows than lines");
        }
        for (MasterRow row : table.rows()) {
            for (MasterField field : row.fields()) {
                row.text(field.name());
            }
        }
    }
}
