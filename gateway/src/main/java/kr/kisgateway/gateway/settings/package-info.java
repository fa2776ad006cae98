/**
 * Settings of the gateway. {@link kr.kisgateway.gateway.settings.SettingsLoader} gathers names and values from the
 * command line, the environment, {@code .env}, {@code gateway.yaml} and the defaults, in that order of precedence, and
 * validates them once; the result is an immutable {@link kr.kisgateway.gateway.settings.Settings}, or the list of
 * contradictions in sentences. A new setting is a row of {@link kr.kisgateway.client.settings.Setting} with its
 * default, unit and meaning, and a line in the loader's {@code read}; {@code ./kis config --document} writes its line
 * of the documents.
 */
@NullMarked
package kr.kisgateway.gateway.settings;

import org.jspecify.annotations.NullMarked;
