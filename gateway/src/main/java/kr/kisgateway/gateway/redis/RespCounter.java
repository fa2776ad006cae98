package kr.kisgateway.gateway.redis;

import io.netty.buffer.ByteBuf;

/**
 * Counts the values of a byte stream in Redis' protocol (RESP 2 and 3), however nested, without retaining them. A command is
 * a value, and so is a reply; a push message is none. Used by one thread.
 */
final class RespCounter {
    private static final byte BETWEEN_ELEMENTS = 0;
    /** Line feed and carriage return behind a bulk text. */
    private static final int LINE_END_BYTES = 2;

    private final long valueBytesMax;
    private long values;
    /** Bytes of the current value, those announced included. */
    private long valueBytes;
    /** Elements that the current value lacks; 0 between two values. */
    private long missingElements;
    /** Bytes of the current bulk text that are still to come. */
    private long bulkBytes;

    private byte type = BETWEEN_ELEMENTS;
    private boolean push;
    private long number;
    private boolean negative;

    /** @param valueBytesMax limit of one value */
    RespCounter(long valueBytesMax) {
        this.valueBytesMax = valueBytesMax;
    }

    /** Complete values so far. */
    long values() {
        return values;
    }

    /**
     * Counts the readable bytes of {@code buffer}, which is not changed.
     *
     * @return false when they contain or announce a value over the limit, or are not of the protocol
     */
    boolean accept(ByteBuf buffer) {
        int at = buffer.readerIndex();
        int end = buffer.writerIndex();
        boolean valid = true;
        while (valid && at < end) {
            if (bulkBytes > 0) {
                int part = (int) Math.min(bulkBytes, end - at);
                at += part;
                bulkBytes -= part;
                if (bulkBytes == 0) {
                    endElement();
                }
            } else {
                valid = accept(buffer.getByte(at++));
            }
        }
        return valid;
    }

    private boolean accept(byte next) {
        if (type == BETWEEN_ELEMENTS) {
            beginElement(next);
        } else if (next == '\n') {
            endLine();
        } else if (isCounted() && next == '-') {
            negative = true;
        } else if (isCounted() && next != '\r') {
            if (next < '0' || next > '9') {
                return false;
            }
            number = number * 10 + next - '0';
        }
        valueBytes++;
        return valueBytes <= valueBytesMax && number <= valueBytesMax && isType(type);
    }

    private void beginElement(byte first) {
        if (missingElements == 0) {
            missingElements = 1;
            valueBytes = 0;
            push = first == '>';
        }
        type = first;
        number = 0;
        negative = false;
    }

    private static boolean isType(byte type) {
        return switch (type) {
            case BETWEEN_ELEMENTS, '+', '-', ':', '$', '*', '_', '#', ',', '(', '!', '=', '%', '~', '>', '|' -> true;
            default -> false;
        };
    }

    /** Whether the line of the element is a number of bytes or elements. */
    private boolean isCounted() {
        return switch (type) {
            case '$', '!', '=', '*', '%', '~', '>', '|' -> true;
            default -> false;
        };
    }

    private void endLine() {
        long announced = negative ? 0 : number;
        switch (type) {
            case '$', '!', '=' -> {
                if (!negative) {
                    bulkBytes = number + LINE_END_BYTES;
                    valueBytes += bulkBytes;
                    return;
                }
            }
            case '*', '~', '>' -> missingElements += announced;
            case '%' -> missingElements += 2 * announced;
            case '|' -> missingElements += 2 * announced + 1; // attributes precede a value
            default -> {
                // the line is the value
            }
        }
        endElement();
    }

    private void endElement() {
        type = BETWEEN_ELEMENTS;
        missingElements--;
        if (missingElements == 0 && !push) {
            values++;
        }
    }
}
