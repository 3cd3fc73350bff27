using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.InstructionRecord;

/// <summary>Tests that compare what instructions do with something this project did not write.</summary>
/// <param name="name">What that is, without spaces.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OracleAttribute(string name) : PropertyAttribute("Oracle", name);
