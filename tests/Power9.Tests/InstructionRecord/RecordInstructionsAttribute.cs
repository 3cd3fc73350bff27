using NUnit.Framework;
using NUnit.Framework.Interfaces;
using RenodeUvmem.Power9.Isa;

[assembly: RenodeUvmem.Power9.Tests.InstructionRecord.RecordInstructions]

namespace RenodeUvmem.Power9.Tests.InstructionRecord;

/// <summary>Notes for each test that passes which rows of the instruction table were decoded during it, that is, reached for the first time.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class RecordInstructionsAttribute : Attribute, ITestAction
{
    private readonly long[] before = new long[InstructionTable.Instance.Rows.Count];

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
        for (int k = 0; k < before.Length; k++)
            before[k] = InstructionTable.Instance.Rows[k].Decodes;
    }

    public void AfterTest(ITest test)
    {
        if (TestContext.CurrentContext.Result.Outcome.Status != TestStatus.Passed || test.Method is null)
            return;
        string name = $"{test.Method.TypeInfo.Type.Name}.{test.Method.Name}";
        string oracle = "";
        for (ITest? one = test; one is not null && oracle.Length == 0; one = one.Parent)
            oracle = one.Properties.Get("Oracle") as string ?? "";
        for (int k = 0; k < before.Length; k++)
        {
            InstructionRow row = InstructionTable.Instance.Rows[k];
            if (row.Decodes != before[k])
                Record.Add(row.Declaration.Mnemonic, name, oracle);
        }
    }
}
