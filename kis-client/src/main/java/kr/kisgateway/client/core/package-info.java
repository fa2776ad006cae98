/**
 * What the SDK's parts share: the effects of an input on a core, the timer that wakes a shell, and the failures that this
 * library decides itself.
 */
@NullMarked
package kr.kisgateway.client.core;

import org.jspecify.annotations.NullMarked;
