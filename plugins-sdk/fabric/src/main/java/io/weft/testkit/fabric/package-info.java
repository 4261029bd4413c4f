/** A fabric of several nodes inside one test. Begin with {@link io.weft.testkit.fabric.TestFabric}. */
@org.jspecify.annotations.NullMarked
package io.weft.testkit.fabric;
