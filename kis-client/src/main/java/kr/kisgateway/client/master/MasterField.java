package kr.kisgateway.client.master;

import java.util.Optional;

/**
 * A field of a master file's lines.
 *
 * @param name the broker's name, {@code stck_sdpr}
 * @param width bytes of cp949; empty where the field takes the rest of the line, or is delimited by a character
 * @param koreanName its name in the broker's structure
 */
public record MasterField(String name, Optional<Integer> width, String koreanName) {}
