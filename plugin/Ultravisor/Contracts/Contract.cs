using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Contracts;

/// <summary>What a call promises, gathered from where its facts stand: its number, its handler's privilege check and arguments, the attributes beside them.</summary>
/// <param name="Call">Which.</param>
/// <param name="Caller">Who may make it.</param>
/// <param name="Arguments">Names of R4, R5 …</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Answers">Codes in R3 with their reasons, 0 first.</param>
/// <param name="Within">Calls that are made while it is under way.</param>
/// <param name="Linux">Where it is in Linux.</param>
public sealed record Contract(
    CallName Call,
    string Caller,
    IReadOnlyList<string> Arguments,
    string Purpose,
    IReadOnlyList<AnswerAttribute> Answers,
    IReadOnlyList<WithinAttribute> Within,
    IReadOnlyList<LinuxAttribute> Linux);
