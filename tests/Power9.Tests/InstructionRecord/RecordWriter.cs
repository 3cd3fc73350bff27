using NUnit.Framework;
using RenodeUvmem.Power9.Tests.InstructionRecord;

namespace RenodeUvmem.Power9.Tests;

/// <summary>Writes the record of a run to the file that UVMEM_RECORD_INSTRUCTIONS names, and beside it, with .all, one that names every test. It stands in the namespace above all tests: it ends when they have.</summary>
[SetUpFixture]
public sealed class RecordWriter
{
    [OneTimeTearDown]
    public void Write()
    {
        if (Environment.GetEnvironmentVariable("UVMEM_RECORD_INSTRUCTIONS") is { Length: > 0 } file)
        {
            File.WriteAllLines(file, Record.Lines(Record.MostNames));
            File.WriteAllLines(file + ".all", Record.Lines(int.MaxValue));
        }
    }
}
