package kr.kisgateway.client.master;

import java.util.Optional;

/**
 * A field of a master file's lines.
 *
 * @param name the broker's name, {@code stck_sdpr}
 * @param width bytes of cp949; empty where the field takes what the others leave, or is set apart by a character
 * @param koreanName what the broker's structure says about it
 */
public record MasterField(String name, Optional<Integer> width, String koreanName) {}
