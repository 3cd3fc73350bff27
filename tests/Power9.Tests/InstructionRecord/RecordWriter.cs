using NUnit.Framework;

#pragma warning disable CA1050 // NUnit runs a fixture of a namespace when that one's tests have ended, one of none when all have.

/// <summary>Writes the record of a run to the file that UVMEM_RECORD_INSTRUCTIONS names.</summary>
[SetUpFixture]
public sealed class RecordWriter
{
    [OneTimeTearDown]
    public void Write()
    {
        if (Environment.GetEnvironmentVariable("UVMEM_RECORD_INSTRUCTIONS") is { Length: > 0 } file)
            File.WriteAllLines(file, RenodeUvmem.Power9.Tests.InstructionRecord.Record.Lines());
    }
}
