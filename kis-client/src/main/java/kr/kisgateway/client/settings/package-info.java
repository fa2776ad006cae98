/**
 * The settings and their forms: the one place for gateway and SDK.
 *
 * <p>{@link kr.kisgateway.client.settings.Setting} is the table of all settings: a new one is a row there, and {@code
 * docs/SETTINGS.md} is generated from it. {@link kr.kisgateway.client.settings.DotEnv} reads {@code .env} files, {@link
 * kr.kisgateway.client.settings.SettingValues} contains the explicit values with their origins, {@link
 * kr.kisgateway.client.settings.SettingForms} parses numbers, times and addresses, and {@link
 * kr.kisgateway.client.settings.BrokerSettings} determines the KIS environment and the account. The package is independent
 * of the client that is built with it.
 */
@NullMarked
package kr.kisgateway.client.settings;

import org.jspecify.annotations.NullMarked;
