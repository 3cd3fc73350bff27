using NUnit.Framework;

/// <summary>Writes the record of a run to the file that UVMEM_RECORD_INSTRUCTIONS names. It stands outside of all namespaces: it ends when all tests have.</summary>
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
