namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>What the machine does to a row.</summary>
/// <param name="Rules">Rules of the ultravisor.</param>
/// <param name="Gates">Gates.</param>
/// <param name="Overrides">Overrides.</param>
internal sealed record Injection(string[] Rules, string[] Gates, string[] Overrides);
